import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../deploy/systemd', import.meta.url));
const ANALYZER = 'systemd-analyze';
/** What `systemd-analyze security` gives, from 0 (locked up) to 10. Root with CAP_NET_ADMIN on the host's network. */
const MAXIMUM_EXPOSURE = 2.4;
/** The same with what it takes to run programs as another user. */
const MAXIMUM_EXPOSURE_WITH_PROGRAMS = 2.9;

let folder: string;

function analyze(...args: readonly string[]): { status: number | null; output: string } | undefined {
  const { status, stdout, stderr, error } = spawnSync(ANALYZER, args, { encoding: 'utf8' });
  return error === undefined ? { status, output: stdout + stderr } : undefined;
}

const version = Number(/^systemd (\d+)/.exec(analyze('--version')?.output ?? '')?.[1]);
const whereSystemdIs = { skip: Number.isNaN(version) };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipvs-operator-unit-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Installs the unit, with what else its drop-ins say, and returns its path. */
function install(...dropIns: readonly string[]): string {
  const place = mkdtempSync(join(folder, 'unit-'));
  const unit = join(place, 'ipvs-operator.service');
  mkdirSync(`${unit}.d`);
  // The program need not be installed where its unit is checked.
  const copy = (from: string, to: string): void => {
    const text = readFileSync(join(FOLDER, from), 'utf8');
    writeFileSync(to, text.replace('/usr/bin/ipvs-operator', '/bin/true').replace('/sbin/modprobe', '/bin/true'));
  };
  copy('ipvs-operator.service', unit);
  const all = version < 253 ? [...dropIns, 'before-253.conf'] : dropIns;
  for (const name of all) copy(name, join(`${unit}.d`, name));
  return unit;
}

describe.each([
  ['the systemd unit', [], MAXIMUM_EXPOSURE],
  ['the systemd unit that runs programs', ['programs.conf'], MAXIMUM_EXPOSURE_WITH_PROGRAMS],
])('%s', (_, dropIns, maximumExposure) => {
  it('has nothing that systemd objects to', whereSystemdIs, () => {
    const result = analyze('verify', install(...dropIns));
    const lines = result?.output.split('\n').filter((line) => line.includes('ipvs-operator')) ?? [];
    expect(version < 253 ? lines.filter((line) => !line.endsWith('ignoring: notify-reload')) : lines).toEqual([]);
    expect(result?.status).toBe(0);
  });

  it('leaves the program little to do harm with', whereSystemdIs, () => {
    const { output } = analyze('security', '--offline=true', install(...dropIns)) ?? { output: '' };
    const exposure = Number(/exposure level .*: ([0-9.]+)/.exec(output)?.[1]);
    expect(exposure).toBeLessThanOrEqual(maximumExposure);
  });
});
