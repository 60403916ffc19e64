import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../deploy/systemd', import.meta.url));
const ANALYZER = 'systemd-analyze';
/** What `systemd-analyze security` gives, from 0 (locked up) to 10. Root with CAP_NET_ADMIN on the host's network. */
const MAXIMUM_EXPOSURE = 2.2;

let folder: string;
let unit: string;

function analyze(...args: readonly string[]): { status: number | null; output: string } | undefined {
  const { status, stdout, stderr, error } = spawnSync(ANALYZER, args, { encoding: 'utf8' });
  return error === undefined ? { status, output: stdout + stderr } : undefined;
}

const version = Number(/^systemd (\d+)/.exec(analyze('--version')?.output ?? '')?.[1]);
const whereSystemdIs = { skip: Number.isNaN(version) };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipvs-operator-unit-'));
  unit = join(folder, 'ipvs-operator.service');
  // The program need not be installed where its unit is checked.
  const text = readFileSync(join(FOLDER, 'ipvs-operator.service'), 'utf8');
  writeFileSync(unit, text.replace('/usr/bin/ipvs-operator', '/bin/true').replace('/sbin/modprobe', '/bin/true'));
  if (version >= 253) return;
  mkdirSync(`${unit}.d`);
  cpSync(join(FOLDER, 'before-253.conf'), `${unit}.d/before-253.conf`);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the systemd unit', () => {
  it('has nothing that systemd objects to', whereSystemdIs, () => {
    const result = analyze('verify', unit);
    const lines = result?.output.split('\n').filter((line) => line.includes('ipvs-operator')) ?? [];
    expect(version < 253 ? lines.filter((line) => !line.endsWith('ignoring: notify-reload')) : lines).toEqual([]);
    expect(result?.status).toBe(0);
  });

  it('leaves the program little to do harm with', whereSystemdIs, () => {
    const { output } = analyze('security', '--offline=true', unit) ?? { output: '' };
    const exposure = Number(/exposure level .*: ([0-9.]+)/.exec(output)?.[1]);
    expect(exposure).toBeLessThanOrEqual(MAXIMUM_EXPOSURE);
  });
});
