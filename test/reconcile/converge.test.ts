import { describe, expect, test } from 'vitest';
import type { KernelService, ServiceKey, SyncDaemon, WantedState } from '../../src/model/index.js';
import { serviceKeyText } from '../../src/model/index.js';
import { converge } from '../../src/reconcile/index.js';
import type { ConvergeInput, ConvergeOptions, ConvergeReport } from '../../src/reconcile/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel, Moment } from '../../src/testing/index.js';
import { director, owned, server, service, tcp, wanted, wantedService, WEB, NOTHING_TO_DO } from '../plan/states.js';
import { memoryInventory } from './memory-inventory.js';
import type { MemoryInventory } from './memory-inventory.js';

const web = service(tcp('10.0.0.1'), [server('192.168.0.1'), server('192.168.0.2')]);
const dns = service({ protocol: 'UDP', address: '10.0.0.2', port: 53 }, [server('192.168.0.3')]);
const WEB_KEY = serviceKeyText(web.key);
const DNS_KEY = serviceKeyText(dns.key);

type Fields = Partial<Omit<ConvergeInput, 'options'>> & { readonly options?: Partial<ConvergeOptions> };

function run(
  state: WantedState,
  kernel: FakeKernel,
  inventory: MemoryInventory,
  fields: Fields = {},
): Promise<ConvergeReport> {
  return converge({
    wanted: state,
    kernel,
    inventory,
    nowMilliseconds: () => 0,
    ...fields,
    options: { set: 'default', ...fields.options },
  });
}

/** The wanted state of one object's services. */
function declared(...services: readonly KernelService[]): WantedState {
  return wanted(services.map((entry) => wantedService(entry)));
}

async function tableOf(kernel: FakeKernel): Promise<Readonly<Record<string, readonly string[]>>> {
  const table = await kernel.readTable();
  return Object.fromEntries(
    [...table].map(([key, { servers }]) => [key, servers.map(({ address, weight }) => `${address} ${weight}`).sort()]),
  );
}

/** The operation of this kind on this service. */
function onKey(kind: 'AddService', key: ServiceKey): Moment {
  return (operation) => operation.kind === kind && serviceKeyText(operation.key) === serviceKeyText(key);
}

const WEB_TABLE = { [WEB_KEY]: ['192.168.0.1 1', '192.168.0.2 1'] };

describe('without interference', () => {
  test('an empty kernel becomes what is wanted, and the inventory knows it', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    const report = await run(declared(web, dns), kernel, inventory);
    expect(await tableOf(kernel)).toEqual({ ...WEB_TABLE, [DNS_KEY]: ['192.168.0.3 1'] });
    expect([...inventory.entries()]).toEqual([...owned([web, dns])]);
    expect(report).toMatchObject({ failures: [], skipped: [], cancelled: 0, problems: [], rounds: 1 });
    expect(report.done).toEqual(report.plan.changes);
  });

  test('a second run does nothing', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    await run(declared(web), kernel, inventory);
    const report = await run(declared(web), kernel, inventory);
    expect(report.plan).toEqual(NOTHING_TO_DO);
    expect(inventory.history).toEqual([`+ ${WEB_KEY}`, `! ${WEB_KEY}`]);
  });

  test('a service is recorded before it is made and forgotten after it is gone', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    let knownInTime = false;
    kernel.interfere('AddService', () => (knownInTime = inventory.entries().has(WEB_KEY)));
    await run(declared(web, dns), kernel, inventory);
    expect(knownInTime).toBe(true);
    let knownStill = false;
    kernel.interfere('DeleteService', () => (knownStill = inventory.entries().has(DNS_KEY)));
    await run(declared(web), kernel, inventory);
    expect(knownStill).toBe(true);
    expect([...inventory.entries().keys()]).toEqual([WEB_KEY]);
  });

  test('a dry run plans and changes neither the kernel nor the inventory', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory(owned([dns]));
    const report = await run(declared(web), kernel, inventory, { options: { dryRun: true } });
    expect(report.plan.changes).toHaveLength(3);
    expect(report.plan.stale).toEqual([DNS_KEY]);
    expect(await tableOf(kernel)).toEqual({});
    expect(inventory.history).toEqual([]);
  });

  test('a table that is read already is not read again', async () => {
    const kernel = createFakeKernel({ services: [web] });
    const table = kernel.readTable();
    await table;
    kernel.failNext('Read', 'EPERM');
    const report = await run(declared(web), kernel, memoryInventory(owned([web])), { table });
    expect(report.plan.changes).toEqual([]);
  });

  test('an adopted service is recorded and edited', async () => {
    const kernel = createFakeKernel({ services: [service(web.key, [server('192.168.0.9')])] });
    const inventory = memoryInventory();
    await run(declared(web), kernel, inventory, { options: { adopt: true } });
    expect(await tableOf(kernel)).toEqual(WEB_TABLE);
    expect([...inventory.entries()]).toEqual([...owned([web])]);
  });

  test('a scope keeps the run to its keys', async () => {
    const kernel = createFakeKernel();
    const report = await run(declared(web, dns), kernel, memoryInventory(), {
      options: { scope: new Set([WEB_KEY]) },
    });
    expect(await tableOf(kernel)).toEqual(WEB_TABLE);
    expect(report.plan.problems).toEqual([]);
  });

  test('a daemon is recorded, restarted in place of edited, and stopped once it is not declared any more', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    const master: SyncDaemon = { role: 'Master', interface: 'eth0', syncId: 1 };
    const withDaemons = (...daemons: readonly SyncDaemon[]): WantedState =>
      wanted([], { director: director({ daemons }) });
    await run(withDaemons(master), kernel, inventory);
    expect(await kernel.readDaemons()).toMatchObject([master]);
    await run(withDaemons({ ...master, syncId: 2 }), kernel, inventory);
    expect(await kernel.readDaemons()).toMatchObject([{ ...master, syncId: 2 }]);
    expect([...inventory.entries().keys()]).toEqual(['sync-daemon Master']);
    await run(withDaemons(), kernel, inventory);
    expect(await kernel.readDaemons()).toEqual([]);
    expect(inventory.entries().size).toBe(0);
  });

  test('timeouts and sysctls are set where they differ', async () => {
    const kernel = createFakeKernel();
    const state = wanted([], {
      director: director({ timeouts: { tcpSeconds: 60 }, sysctls: { conn_reuse_mode: '0' } }),
    });
    await run(state, kernel, memoryInventory());
    expect(await kernel.readTimeouts()).toMatchObject({ tcpSeconds: 60, tcpFinSeconds: 120 });
    expect(await kernel.readSysctls(['conn_reuse_mode'])).toEqual({ conn_reuse_mode: '0' });
    expect((await run(state, kernel, memoryInventory())).plan.changes).toEqual([]);
  });
});

describe('failures', () => {
  test('one service that the kernel refuses is reported and forgotten, the others are made', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    kernel.failNext(onKey('AddService', web.key), 'ENOENT');
    const report = await run(declared(web, dns), kernel, inventory);
    expect(report.failures.map(({ change, error }) => [change.object, error.code])).toEqual([[WEB, 'ENOENT']]);
    expect(report.skipped).toHaveLength(2);
    expect(report.rounds).toBe(1);
    expect([...inventory.entries().keys()]).toEqual([DNS_KEY]);
  });

  test.each(['done', 'not done'])(
    'a service whose answer is lost is ours with the next run, if it was %s',
    async (what) => {
      const kernel = createFakeKernel();
      const inventory = memoryInventory();
      kernel.failNext(onKey('AddService', web.key), 'ENOBUFS');
      await run(declared(web), kernel, inventory);
      expect([...inventory.entries().keys()]).toEqual([WEB_KEY]);
      if (what === 'done') kernel.writeAsAnother({ kind: 'AddService', key: web.key, settings: web.settings });
      const report = await run(declared(web), kernel, inventory);
      expect(report).toMatchObject({ problems: [], failures: [] });
      expect(await tableOf(kernel)).toEqual(WEB_TABLE);
      expect(new Map(inventory.entries())).toEqual(owned([web]));
    },
  );

  test('no server leaves where its replacement failed', async () => {
    const kernel = createFakeKernel({ services: [service(web.key, [server('192.168.0.9')])] });
    kernel.failNext('AddServer', 'ENOMEM');
    const report = await run(declared(web), kernel, memoryInventory(owned([web])));
    expect(report.failures).toHaveLength(1);
    expect(report.skipped.map(({ change }) => change.operation.kind)).toEqual(['DeleteServer']);
    expect((await tableOf(kernel))[WEB_KEY]).toContain('192.168.0.9 1');
  });

  test('a kernel that cannot be read rejects, and nothing is recorded', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    kernel.failNext('Read', 'EPERM');
    await expect(run(declared(web), kernel, inventory)).rejects.toMatchObject({ code: 'EPERM' });
    expect(inventory.history).toEqual([]);
  });

  test('an abort before the first write rejects with its reason', async () => {
    const kernel = createFakeKernel();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(run(declared(web), kernel, memoryInventory(), { signal })).rejects.toThrow('enough');
    expect(await tableOf(kernel)).toEqual({});
  });

  test('an abort while operations run gives a report, and what was not made is forgotten', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    const controller = new AbortController();
    const services = Array.from({ length: 1000 }, (_, i) => service(tcp(`10.0.${i >> 8}.${i & 255}`)));
    kernel.interfere('AddService', () => {
      controller.abort();
    });
    const report = await run(declared(...services), kernel, inventory, { signal: controller.signal });
    const made = Object.keys(await tableOf(kernel));
    expect(report.cancelled).toBe(1000 - made.length);
    expect(report.cancelled).toBeGreaterThan(0);
    expect([...inventory.entries().keys()].sort()).toEqual(made.sort());
  });
});

describe('a kill', () => {
  function kernelWith({ key, settings, servers }: KernelService): FakeKernel {
    const kernel = createFakeKernel();
    kernel.writeAsAnother({ kind: 'AddService', key, settings });
    for (const one of servers) kernel.writeAsAnother({ kind: 'AddServer', key, server: one });
    return kernel;
  }

  /** The inventory as a run leaves it that is killed once the kernel has got this operation. */
  async function killedAt(kernel: FakeKernel, moment: Moment): Promise<MemoryInventory> {
    const inventory = memoryInventory();
    let left: MemoryInventory | undefined;
    kernel.interfere(moment, () => {
      left ??= memoryInventory(new Map(inventory.entries()));
    });
    await run(declared(web, dns), kernel, inventory);
    if (left === undefined) throw new Error('the moment did not come');
    return left;
  }

  test('before a service is made: who makes it meanwhile keeps it', async () => {
    const inventory = await killedAt(createFakeKernel(), 'AddService');
    const theirs = service(tcp('10.0.0.1'), [server('172.16.0.1')]);
    const kernel = kernelWith(theirs);
    const report = await run(declared(web, dns), kernel, inventory);
    expect(await tableOf(kernel)).toEqual({ [WEB_KEY]: ['172.16.0.1 1'], [DNS_KEY]: ['192.168.0.3 1'] });
    expect(report.problems).toEqual([{ kind: 'ForeignService', key: WEB_KEY, object: WEB }]);
    expect([...inventory.entries()]).toEqual([...owned([dns])]);
  });

  test('after it is made: it is ours, and confirmed by the next run', async () => {
    const inventory = await killedAt(createFakeKernel(), 'AddServer');
    const kernel = kernelWith({ ...web, servers: web.servers.slice(0, 1) });
    const report = await run(declared(web, dns), kernel, inventory);
    expect(await tableOf(kernel)).toEqual({ ...WEB_TABLE, [DNS_KEY]: ['192.168.0.3 1'] });
    expect(report.problems).toEqual([]);
    expect(new Map(inventory.entries())).toEqual(owned([web, dns]));
  });
});

describe('another writer', () => {
  test('who makes a wanted service first keeps it, and our inventory forgets it', async () => {
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    kernel.interfere(onKey('AddService', web.key), () => {
      kernel.writeAsAnother({ kind: 'AddService', key: web.key, settings: { ...web.settings, scheduler: 'rr' } });
    });
    const report = await run(declared(web, dns), kernel, inventory);
    expect(report.problems).toEqual([{ kind: 'ForeignService', key: WEB_KEY, object: WEB }]);
    expect(report).toMatchObject({ failures: [], skipped: [], rounds: 2 });
    expect(await tableOf(kernel)).toEqual({ [WEB_KEY]: [], [DNS_KEY]: ['192.168.0.3 1'] });
    expect([...inventory.entries().keys()]).toEqual([DNS_KEY]);
  });

  test('a wanted service that is deleted meanwhile is made again', async () => {
    const kernel = createFakeKernel({ services: [service(web.key, [server('192.168.0.1', { weight: 5 })])] });
    kernel.interfere('EditServer', () => {
      kernel.writeAsAnother({ kind: 'DeleteService', key: web.key });
    });
    const report = await run(declared(web), kernel, memoryInventory(owned([web])));
    expect(await tableOf(kernel)).toEqual(WEB_TABLE);
    expect(report).toMatchObject({ failures: [], rounds: 2 });
  });

  test('a server that is added meanwhile is taken over, one that is deleted is added', async () => {
    const kernel = createFakeKernel({ services: [service(web.key, [server('192.168.0.1', { weight: 5 })])] });
    kernel.interfere('AddServer', () => {
      kernel.writeAsAnother({ kind: 'AddServer', key: web.key, server: server('192.168.0.2', { weight: 7 }) });
    });
    kernel.interfere('EditServer', () => {
      kernel.writeAsAnother({ kind: 'DeleteServer', key: web.key, server: server('192.168.0.1') });
    });
    await run(declared(web), kernel, memoryInventory(owned([web])));
    expect(await tableOf(kernel)).toEqual(WEB_TABLE);
  });

  test('what was to go and is gone is no failure', async () => {
    const kernel = createFakeKernel({ services: [web, dns] });
    const inventory = memoryInventory(owned([web, dns]));
    kernel.interfere('DeleteService', () => {
      kernel.writeAsAnother({ kind: 'DeleteService', key: dns.key });
    });
    const report = await run(declared(web), kernel, inventory);
    expect(report).toMatchObject({ failures: [], rounds: 1 });
    expect([...inventory.entries().keys()]).toEqual([WEB_KEY]);
  });

  test('one that never stops ends the run after the last round, with its failures', async () => {
    const kernel = createFakeKernel();
    for (let i = 0; i < 10; i++) {
      kernel.interfere('AddServer', () => {
        kernel.writeAsAnother({ kind: 'DeleteService', key: dns.key });
      });
    }
    const report = await run(declared(dns), kernel, memoryInventory(), { options: { maximumRounds: 4 } });
    expect(report.rounds).toBe(4);
    expect(report.failures.map(({ error }) => error.code)).toEqual(['ESRCH']);
  });

  test('a service of ours that a read of the table misses stays ours', async () => {
    const kernel = createFakeKernel({ services: [web, dns] });
    const inventory = memoryInventory(owned([web, dns]));
    const table = Promise.resolve(new Map([[WEB_KEY, web]]));
    const report = await run(declared(web, dns), kernel, inventory, { table });
    expect(report.plan.changes).toEqual([]);
    expect([...inventory.entries().keys()]).toEqual([WEB_KEY, DNS_KEY]);
  });

  test('a service of ours that is really gone is forgotten', async () => {
    const inventory = memoryInventory(owned([web, dns]));
    await run(declared(web), createFakeKernel({ services: [web] }), inventory);
    expect([...inventory.entries().keys()]).toEqual([WEB_KEY]);
  });

  test('after a long run of additions the kernel is read again before anything is taken away', async () => {
    const old = service(web.key, [server('192.168.0.9'), server('192.168.0.1')]);
    const kernel = createFakeKernel({ services: [old] });
    const many = Array.from({ length: 10_001 }, (_, i) => service(tcp(`10.1.${i >> 8}.${i & 255}`)));
    // The server that shall stay goes while the others are added; its removal must not be noticed too late.
    kernel.interfere(onKey('AddService', tcp('10.1.0.9')), () => {
      kernel.writeAsAnother({ kind: 'DeleteServer', key: web.key, server: server('192.168.0.1') });
    });
    let serversAtRemoval: readonly string[] = [];
    kernel.interfere('DeleteServer', () => {
      void tableOf(kernel).then((table) => (serversAtRemoval = table[WEB_KEY] ?? []));
    });
    const kept = service(web.key, [server('192.168.0.1')]);
    const report = await run(declared(kept, ...many), kernel, memoryInventory(owned([web])));
    expect(report).toMatchObject({ failures: [], rounds: 2 });
    expect(serversAtRemoval).toContain('192.168.0.1 1');
    expect((await tableOf(kernel))[WEB_KEY]).toEqual(['192.168.0.1 1']);
  });
});

test('progress says how much was read and how much is done', async () => {
  const seen = new Set<string>();
  await run(declared(web), createFakeKernel(), memoryInventory(), {
    onProgress: ({ phase, total }) => seen.add(`${phase} ${total ?? '?'}`),
  });
  expect(seen).toContain('Apply 3');
});

test('durations come from the clock that was passed in', async () => {
  let now = 0;
  const report = await run(declared(web), createFakeKernel(), memoryInventory(), { nowMilliseconds: () => now++ });
  expect(report.durations).toEqual({ readMilliseconds: 1, planMilliseconds: 1, applyMilliseconds: 1 });
});
