import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIpvsKernel } from '../../src/adapters/netlink/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import type { SyncDaemon, WantedDirector } from '../../src/model/index.js';
import { planChanges } from '../../src/plan/index.js';
import { runWell } from '../e2e/process.js';
import { director, planInput, wanted } from '../plan/states.js';

const MASTER: SyncDaemon = { role: 'Master', interface: 'lo', syncId: 1 };
const BACKUP: SyncDaemon = { role: 'Backup', interface: 'lo', syncId: 2 };

let kernel: IpvsKernel;
beforeAll(async () => {
  await runWell(['modprobe', 'ip_vs']);
  kernel = await openIpvsKernel();
});
afterAll(async () => {
  await converge({ daemons: [], sysctls: { sync_ports: '1' } });
  await kernel.close();
});

/** What was done, and so what the plan was. */
async function converge(fields: Partial<WantedDirector>): Promise<readonly string[]> {
  const owner = { object: 'Director edge', set: 'default' };
  const { changes } = planChanges(
    planInput({
      wanted: wanted([], { director: director(fields) }),
      observed: {
        services: new Map(),
        timeouts: null,
        daemons: await kernel.readDaemons(),
        sysctls: await kernel.readSysctls(['sync_ports']),
      },
      owned: new Map([
        ['sync-daemon Master', owner],
        ['sync-daemon Backup', owner],
      ]),
    }),
  );
  const results = await kernel.apply(changes.map(({ operation }) => operation));
  expect(results.filter(({ status }) => status !== 'Done')).toEqual([]);
  return changes.map(({ operation }) => operation.kind);
}

/** Every thread of a daemon has a socket in this file's own network namespace, and nothing else here has one. */
async function socketCount(): Promise<number> {
  return (await readFile('/proc/thread-self/net/udp', 'utf8')).trimEnd().split('\n').length - 1;
}

test('A daemon works with as many threads as are declared, from its start and after a change', async () => {
  await converge({ daemons: [MASTER], sysctls: { sync_ports: '2' } });
  expect(await socketCount()).toBe(2);
  expect(await converge({ daemons: [MASTER], sysctls: { sync_ports: '4' } })).toEqual([
    'StopDaemon',
    'SetSysctl',
    'StartDaemon',
  ]);
  expect(await socketCount()).toBe(4);
});

test('Both daemons rest together, since the kernel keeps the number while one runs', async () => {
  await converge({ daemons: [MASTER, BACKUP], sysctls: { sync_ports: '1' } });
  expect(await socketCount()).toBe(2);
  expect(await converge({ daemons: [MASTER, BACKUP], sysctls: { sync_ports: '2' } })).toHaveLength(5);
  expect(await socketCount()).toBe(4);
  expect(await converge({ daemons: [MASTER, BACKUP], sysctls: { sync_ports: '2' } })).toEqual([]);
});

test('Without rest the kernel goes on with the number that it read first', async () => {
  const before = await socketCount();
  await kernel.apply([
    { kind: 'SetSysctl', name: 'sync_ports', value: '8' },
    { kind: 'StopDaemon', role: 'Master' },
    { kind: 'StartDaemon', daemon: MASTER },
  ]);
  expect(await socketCount()).toBe(before);
});
