import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StatusReport } from '../../src/cli/controller/status-report.js';
import {
  askStatus,
  declare as declareFile,
  eventually,
  expectStatus as expectReport,
  startController as start,
} from './controller.js';
import { runWell } from './process.js';
import type { Running } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { virtualService, yamlStream } from './yaml.js';

// The controller on a real kernel, as an operator meets it: files change, other programs interfere, it is killed.

const RESYNC_SECONDS = 2;

let workplace: Workplace;
let running: Running | undefined;

beforeEach(async () => {
  await runWell(['ipvsadm', '-C']);
  workplace = await openWorkplace();
});

afterEach(async () => {
  running?.kill();
  await running?.outcome;
  running = undefined;
  await workplace.remove();
});

function web(name: string, address: string, weight = 1): string {
  const realServers = [{ address: '192.168.0.1', weight }];
  return yamlStream([virtualService('shop', name, { addresses: [address], ports: [{ port: 80 }], realServers })]);
}

async function table(): Promise<readonly string[]> {
  return (await runWell(['ipvsadm', '-Sn'])).trimEnd().split('\n').sort();
}

async function expectTable(lines: readonly string[]): Promise<void> {
  await eventually(table, (found) => {
    expect(found).toEqual(lines);
  });
}

const status = (): Promise<StatusReport> => askStatus(workplace);
const expectStatus = (check: (report: StatusReport) => void): Promise<StatusReport> => expectReport(workplace, check);
const declare = (name: string, text: string): Promise<void> => declareFile(workplace, name, text);

function startController(...flags: readonly string[]): Promise<void> {
  const started = (process: Running): void => {
    running = process;
  };
  return start(workplace, started, '--resync', String(RESYNC_SECONDS), ...flags);
}

const rows = (address: string, weight = 1): string[] => [
  `-A -t ${address}:80 -s wlc`,
  `-a -t ${address}:80 -r 192.168.0.1:80 -m -w ${weight}`,
];

describe('the controller', () => {
  it('follows its files, keeps the last good state of a broken one, and says so', async () => {
    await declare('web', web('web', '10.0.0.1'));
    await declare('mail', web('mail', '10.0.0.2'));
    await startController();
    await expectTable([...rows('10.0.0.1'), ...rows('10.0.0.2')].sort());

    await declare('web', web('web', '10.0.0.1', 5));
    await expectTable([...rows('10.0.0.1', 5), ...rows('10.0.0.2')].sort());

    await declare('web', web('web', '10.0.0.1', -1));
    await rm(join(workplace.folder, 'services', 'mail.yaml'));
    const report = await expectStatus(({ issues, removals }) => {
      expect(issues[0]?.text).toMatch(/web\.yaml:\d+:\d+: spec\.realServers\[0\]\.weight: /);
      expect(removals.deferred).toEqual(['TCP 10.0.0.2:80']);
    });
    expect(report.removals.obstacles.length).toBeGreaterThan(0);
    expect(await table()).toEqual([...rows('10.0.0.1', 5), ...rows('10.0.0.2')].sort());
    const printed = await workplace.operator(['status']);
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(printed.stdout).toMatch(/^Broken \(the last good state stays\):\n {2}.*web\.yaml:\d+:\d+: /m);

    await declare('web', web('web', '10.0.0.1', 6));
    await expectTable(rows('10.0.0.1', 6).sort());
  });

  it('repairs what another program does to its services, and leaves that one its own', async () => {
    await declare('web', web('web', '10.0.0.1'));
    await startController();
    await runWell(['ipvsadm', '-A', '-t', '10.0.9.9:80', '-s', 'rr']);
    await runWell(['ipvsadm', '-e', '-t', '10.0.0.1:80', '-r', '192.168.0.1:80', '-m', '-w', '9']);
    const right = [...rows('10.0.0.1'), '-A -t 10.0.9.9:80 -s rr'].sort();
    await expectTable(right);
    await runWell(['ipvsadm', '-D', '-t', '10.0.0.1:80']);
    await expectTable(right);
    await expectStatus(({ drift }) => {
      expect(drift).toMatchObject({ EditServer: 1, AddService: 1 });
    });
  });

  it('leaves kube-proxy in IPVS mode its services, and takes back its own when that deletes them', async () => {
    const proxy = (line: string): Promise<string> => runWell(['ipvsadm', ...line.split(' ')]);
    const theirs = [
      '-A -t 10.96.0.10:53 -s rr',
      '-a -t 10.96.0.10:53 -r 10.244.0.3:53 -m -w 1',
      '-A -u 10.96.0.10:53 -s rr',
      '-A -t 10.96.0.20:443 -s rr -p 10800',
      '-a -t 10.96.0.20:443 -r 10.244.1.9:8443 -m -w 1',
    ];
    await declare('web', web('web', '10.0.0.1'));
    await startController();
    for (const line of ['-A -t 10.96.0.10:53 -s rr', '-a -t 10.96.0.10:53 -r 10.244.0.2:53 -m -w 1']) await proxy(line);
    await declare('web', web('web', '10.0.0.1', 5));
    await expectTable(
      [...rows('10.0.0.1', 5), '-A -t 10.96.0.10:53 -s rr', '-a -t 10.96.0.10:53 -r 10.244.0.2:53 -m -w 1'].sort(),
    );
    // An endpoint is replaced and services come, while ours change too.
    for (const line of ['-a -t 10.96.0.10:53 -r 10.244.0.3:53 -m -w 1', ...theirs.slice(2)]) await proxy(line);
    await declare('mail', web('mail', '10.0.0.2'));
    await proxy('-d -t 10.96.0.10:53 -r 10.244.0.2:53');
    await expectTable([...rows('10.0.0.1', 5), ...rows('10.0.0.2'), ...theirs].sort());
    // Unless it is told otherwise, it deletes what it does not know.
    for (const address of ['10.0.0.1', '10.0.0.2']) await proxy(`-D -t ${address}:80`);
    await expectTable([...rows('10.0.0.1', 5), ...rows('10.0.0.2'), ...theirs].sort());
    await expectStatus(({ drift }) => {
      expect(drift).toMatchObject({ AddService: 2 });
    });
    await rm(join(workplace.folder, 'services', 'mail.yaml'));
    await expectTable([...rows('10.0.0.1', 5), ...theirs].sort());
  });

  it('that was killed and starts again has nothing to do', async () => {
    await declare('web', web('web', '10.0.0.1'));
    await startController();
    running?.kill();
    await running?.outcome;
    expect(await table()).toEqual(rows('10.0.0.1').sort());
    await startController();
    const { lastFullRound, services } = await status();
    expect(lastFullRound).toMatchObject({ operations: 0, failures: 0 });
    expect(services).toMatchObject({ wanted: 1, inLine: 1, outOfLine: 0 });
  });

  it('that was killed and starts again without its files goes on with what it kept, and removes nothing', async () => {
    await declare('web', web('web', '10.0.0.1'));
    await declare('mail', web('mail', '10.0.0.2'));
    await startController();
    await eventually(
      () => readdir(join(workplace.folder, 'data')).catch(() => []),
      (names) => {
        expect(names.filter((name) => name.endsWith('.jsonl'))).toHaveLength(1);
      },
    );
    running?.kill();
    await running?.outcome;
    await rename(join(workplace.folder, 'services'), join(workplace.folder, 'elsewhere'));
    await runWell(['ipvsadm', '-e', '-t', '10.0.0.1:80', '-r', '192.168.0.1:80', '-m', '-w', '9']);
    await startController();
    const right = [...rows('10.0.0.1'), ...rows('10.0.0.2')].sort();
    await expectTable(right);
    expect((await status()).sources).toMatchObject([
      { state: 'Away', wasComplete: false, cache: { units: 2, isOfEarlierBoot: false } },
    ]);

    await rm(join(workplace.folder, 'elsewhere', 'mail.yaml'));
    await rename(join(workplace.folder, 'elsewhere'), join(workplace.folder, 'services'));
    await expectTable(rows('10.0.0.1').sort());
  });

  it('leaves the kernel as it is at SIGTERM, and its lock and its socket to nobody', async () => {
    await declare('web', web('web', '10.0.0.1'));
    await startController();
    expect((await workplace.operator(['apply', '-f', 'services'])).stderr).toMatch(/owned by ipvs-operator run \(pid/);
    running?.kill('SIGTERM');
    const { status: exitStatus, stderr } = (await running?.outcome) ?? {};
    expect({ exitStatus, stderr }).toEqual({
      exitStatus: 0,
      stderr: expect.stringContaining('stays as it is') as string,
    });
    expect(await table()).toEqual(rows('10.0.0.1').sort());
    const asked = await workplace.operator(['status']);
    expect(asked.status).toBe(1);
    expect(asked.stderr).toContain('no controller runs here');
  });

  it('lets go at SIGHUP what was held back, and with --flush-on-exit everything at the end', async () => {
    for (let i = 1; i <= 14; i++) await declare(`web-${i}`, web(`web-${i}`, `10.0.0.${i}`));
    await startController('--flush-on-exit');
    expect(await table()).toHaveLength(28);
    for (let i = 3; i <= 14; i++) await rm(join(workplace.folder, 'services', `web-${i}.yaml`));
    await expectStatus(({ removals }) => {
      expect(removals.heldBack).toHaveLength(12);
    });
    expect(await table()).toHaveLength(28);
    running?.kill('SIGHUP');
    await expectTable([...rows('10.0.0.1'), ...rows('10.0.0.2')].sort());
    running?.kill('SIGTERM');
    expect((await running?.outcome)?.status).toBe(0);
    expect(await table()).toEqual(['']);
  });
});
