import { afterEach, describe, expect, test } from 'vitest';
import type { DeclaredVirtualService } from '../../src/desired/index.js';
import { UserError } from '../../src/errors/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import type { Operation, ServiceKey } from '../../src/model/index.js';
import { createController } from '../../src/reconcile/index.js';
import type { Controller, ControllerEvent, ControllerOptions } from '../../src/reconcile/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel, FakeKernelOptions } from '../../src/testing/index.js';
import { director, virtualService } from '../desired/documents.js';
import { owned, server, service, tcp } from '../plan/states.js';
import { ManualClock } from './manual-clock.js';
import { memoryInventory } from './memory-inventory.js';
import type { MemoryInventory } from './memory-inventory.js';
import { ScriptedSource } from './scripted-source.js';

const SECOND = 1000;

interface Bench {
  readonly kernel: FakeKernel;
  readonly inventory: MemoryInventory;
  readonly clock: ManualClock;
  readonly sources: readonly [ScriptedSource, ...ScriptedSource[]];
  readonly source: ScriptedSource;
  readonly controller: Controller;
  readonly events: readonly ControllerEvent[];
  /** What was asked of the kernel, in order. */
  readonly calls: string[];
  readonly stop: () => Promise<void>;
}

interface BenchOptions {
  readonly kernel?: FakeKernelOptions;
  readonly inventory?: MemoryInventory;
  readonly options?: Partial<ControllerOptions>;
  readonly sourceCount?: number;
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

function start({
  kernel: kernelOptions,
  inventory = memoryInventory(),
  options,
  sourceCount = 1,
}: BenchOptions): Bench {
  const kernel = createFakeKernel(kernelOptions);
  const clock = new ManualClock();
  const source = new ScriptedSource();
  const others = Array.from({ length: sourceCount - 1 }, (_, i) => new ScriptedSource(`script ${i + 2}`));
  const events: ControllerEvent[] = [];
  const calls: string[] = [];
  const controller = createController({
    kernel: listened(kernel, calls),
    inventory,
    sources: [source, ...others],
    options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false, ...options },
    clock,
    random: () => 0.5,
    observe: (event) => events.push(event),
  });
  const ending = new AbortController();
  const running = controller.run(ending.signal);
  const stop = async (): Promise<void> => {
    ending.abort();
    await running;
  };
  open.push(stop);
  return { kernel, inventory, clock, sources: [source, ...others], source, controller, events, calls, stop };
}

function listened(kernel: FakeKernel, calls: string[]): IpvsKernel {
  return new Proxy<IpvsKernel>(kernel, {
    get: (target, name: keyof IpvsKernel) => {
      const method = target[name].bind(target) as (...given: readonly unknown[]) => unknown;
      return (...given: readonly unknown[]) => {
        const size = Array.isArray(given[0]) ? ` ${given[0].length}` : '';
        if (name !== 'apply' || size !== ' 0') calls.push(`${name}${size}`);
        return method(...given);
      };
    },
  });
}

function web(...servers: readonly string[]): DeclaredVirtualService {
  return virtualService('web', {
    addresses: ['10.0.0.1'],
    ports: [{ port: 80 }],
    realServers: servers.map((address) => ({ address })),
  });
}

function numbered(i: number, weight = 1): DeclaredVirtualService {
  return virtualService(`s${i}`, {
    addresses: [`10.1.${i >> 8}.${i & 255}`],
    ports: [{ port: 80 }],
    realServers: [{ address: '192.168.0.1', weight }],
  });
}

function range(count: number): readonly DeclaredVirtualService[] {
  return Array.from({ length: count }, (_, i) => numbered(i));
}

async function begin(bench: Bench, ...documents: readonly DeclaredVirtualService[]): Promise<void> {
  bench.source.presentAll(documents);
  bench.source.state('Complete');
  await bench.clock.settle();
  bench.calls.length = 0;
}

async function tableOf({ kernel }: Bench): Promise<Readonly<Record<string, readonly string[]>>> {
  const table = await kernel.readTable();
  return Object.fromEntries(
    [...table].map(([key, { servers }]) => [key, servers.map(({ address, weight }) => `${address} ${weight}`).sort()]),
  );
}

function onKey(kind: 'AddService', key: ServiceKey): (operation: Operation) => boolean {
  return (operation) => operation.kind === kind && JSON.stringify(operation.key) === JSON.stringify(key);
}

const WEB = tcp('10.0.0.1');

describe('the loop', () => {
  test('what a source declares comes into the kernel, and goes with it', async () => {
    const bench = start({});
    await begin(bench, web('192.168.0.1'));
    expect(await tableOf(bench)).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.1 1'] });
    bench.source.gone('VirtualService shop/web');
    await bench.clock.settle();
    expect(await tableOf(bench)).toEqual({});
  });

  test('a change of one real server reads and writes that one service', async () => {
    const bench = start({});
    await begin(bench, ...range(50));
    bench.source.present('VirtualService shop/s7', numbered(7, 5));
    await bench.clock.settle();
    expect(bench.calls).toEqual(['readServices 1', 'apply 1']);
    expect(await tableOf(bench)).toMatchObject({ 'TCP 10.1.0.7:80': ['192.168.0.1 5'] });
  });

  test('a burst of changes is one round', async () => {
    const bench = start({});
    await begin(bench, ...range(50));
    for (let weight = 2; weight < 10; weight++) {
      for (let i = 0; i < 20; i++) bench.source.present(`VirtualService shop/s${i}`, numbered(i, weight));
    }
    await bench.clock.settle();
    expect(bench.calls).toEqual(['readServices 20', 'apply 20']);
  });

  test('what is told again and is equal costs nothing', async () => {
    const bench = start({});
    await begin(bench, ...range(5));
    bench.source.presentAll(range(5));
    await bench.clock.settle();
    expect(bench.calls).toEqual([]);
  });

  test('everything is read every resync', async () => {
    const bench = start({});
    await begin(bench, ...range(5));
    await bench.clock.advance(29 * SECOND);
    expect(bench.calls).toEqual([]);
    await bench.clock.advance(61 * SECOND);
    expect(bench.calls.filter((call) => call === 'readTable')).toHaveLength(3);
    expect(bench.calls.some((call) => call.startsWith('apply'))).toBe(false);
  });

  test('a full read gives way to a change, and is done after it', async () => {
    const bench = start({});
    await begin(bench, ...range(5));
    bench.kernel.interfere('Read', () => {
      bench.source.present('VirtualService shop/s1', numbered(1, 5));
    });
    await bench.clock.advance(30 * SECOND);
    expect(bench.calls).toEqual(['readTable', 'readServices 1', 'apply 1', 'readTable', 'readSysctls 1']);
    expect(bench.controller.snapshot().drift).toEqual({});
  });

  test('changes without end do not keep it from reading everything', async () => {
    const bench = start({});
    await begin(bench, ...range(5));
    let weight = 1;
    const change = (): void => {
      bench.source.present('VirtualService shop/s1', numbered(1, ++weight));
      if (weight < 50) bench.kernel.interfere('Read', change);
    };
    bench.kernel.interfere('Read', change);
    const before = bench.controller.snapshot().lastFullRound;
    await bench.clock.advance(30 * SECOND);
    expect(weight).toBeLessThanOrEqual(50);
    expect(bench.controller.snapshot().lastFullRound).not.toBe(before);
    expect(bench.calls.filter((call) => call === 'readTable').length).toBeLessThanOrEqual(10);
    expect(await tableOf(bench)).toMatchObject({ 'TCP 10.1.0.1:80': [`192.168.0.1 ${weight}`] });
  });

  test('changes that come while others are looked at do not keep it from that either', async () => {
    const bench = start({});
    await begin(bench, ...range(5));
    bench.kernel.writeAsAnother({ kind: 'DeleteService', key: tcp('10.1.0.2') });
    let weight = 1;
    const change = (): void => {
      bench.source.present('VirtualService shop/s1', numbered(1, ++weight));
      if (weight < 50) bench.kernel.interfere('EditServer', change);
    };
    change();
    bench.controller.refresh();
    await bench.clock.advance(SECOND);
    expect(weight).toBe(50);
    expect(bench.calls.indexOf('readTable')).toBeLessThan(20);
    expect(Object.keys(await tableOf(bench))).toHaveLength(5);
  });

  test('a start on a kernel that is right does nothing', async () => {
    const right = service(WEB, [server('192.168.0.1', { port: 80 })]);
    const inventory = memoryInventory(owned([right]));
    const bench = start({ kernel: { services: [right] }, inventory });
    await begin(bench, web('192.168.0.1'));
    expect(bench.events.filter(({ kind }) => kind === 'RoundFinished')).toMatchObject([
      { round: { kind: 'Full', report: { done: [] } } },
    ]);
    expect(inventory.history).toEqual([]);
  });

  test('the end leaves the kernel as it is', async () => {
    const bench = start({});
    await begin(bench, web('192.168.0.1'));
    await bench.stop();
    expect(Object.keys(await tableOf(bench))).toHaveLength(1);
  });

  test('the end deletes what is ours, and nothing else, where that is asked for', async () => {
    const bench = start({ kernel: { services: [service(tcp('10.9.0.1'))] }, options: { flushOnExit: true } });
    await begin(bench, ...range(20));
    await bench.stop();
    expect(await tableOf(bench)).toEqual({ 'TCP 10.9.0.1:80': [] });
    expect(bench.inventory.entries().size).toBe(0);
  });

  test('a refresh reads the sources and the kernel again', async () => {
    const bench = start({});
    await begin(bench, web('192.168.0.1'));
    bench.kernel.writeAsAnother({ kind: 'DeleteService', key: WEB });
    bench.controller.refresh();
    await bench.clock.settle();
    expect(bench.source.refreshes).toBe(1);
    expect(Object.keys(await tableOf(bench))).toHaveLength(1);
  });

  test('a change of the Director reads everything and sets what it says', async () => {
    const bench = start({});
    await begin(bench, web('192.168.0.1'));
    bench.source.present('edge', director('edge', { timeouts: { tcpSeconds: 60 } }));
    await bench.clock.settle();
    expect(await bench.kernel.readTimeouts()).toMatchObject({ tcpSeconds: 60 });
    expect(bench.controller.snapshot().drift).toEqual({});
  });

  test('a source that fails is a bug, and ends the run', async () => {
    const failing = { name: 'bad', run: () => Promise.reject(new Error('bug')), refresh: () => undefined };
    const controller = createController({
      kernel: createFakeKernel(),
      inventory: memoryInventory(),
      sources: [failing],
      options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false },
      clock: new ManualClock(),
      random: () => 0,
      observe: () => undefined,
    });
    await expect(controller.run(new AbortController().signal)).rejects.toThrow('bug');
  });
});

describe('drift', () => {
  test('what others change is repaired at the next full read and counted by kind', async () => {
    const bench = start({});
    await begin(bench, ...range(3));
    bench.kernel.writeAsAnother(
      { kind: 'DeleteService', key: tcp('10.1.0.0') },
      { kind: 'EditServer', key: tcp('10.1.0.1'), server: server('192.168.0.1', { port: 80, weight: 9 }) },
    );
    await bench.clock.advance(30 * SECOND);
    expect(Object.values(await tableOf(bench))).toEqual([['192.168.0.1 1'], ['192.168.0.1 1'], ['192.168.0.1 1']]);
    expect(bench.controller.snapshot().drift).toEqual({ AddService: 1, AddServer: 1, EditServer: 1 });
  });

  test('what was declared meanwhile is no drift', async () => {
    const bench = start({});
    await begin(bench, ...range(3));
    bench.source.presentAll(Array.from({ length: 2000 }, (_, i) => numbered(i, 2)));
    await bench.clock.settle();
    await bench.clock.settle();
    expect(Object.keys(await tableOf(bench))).toHaveLength(2000);
    expect(bench.controller.snapshot().drift).toEqual({});
  });
});

describe('failures', () => {
  test('a key that fails is tried again later and later, the others are not touched', async () => {
    const bench = start({});
    for (let i = 0; i < 3; i++) bench.kernel.failNext(onKey('AddService', tcp('10.1.0.1')), 'ENOMEM');
    await begin(bench, ...range(3));
    expect(Object.keys(await tableOf(bench))).toHaveLength(2);
    expect(bench.controller.snapshot().failing).toMatchObject([
      { key: 'TCP 10.1.0.1:80', object: 'VirtualService shop/s1', attempts: 1, error: { code: 'ENOMEM' } },
    ]);
    await bench.clock.advance(1 * SECOND);
    expect(bench.controller.snapshot().failing).toMatchObject([{ attempts: 2, nextTryMilliseconds: 2250 }]);
    expect(bench.calls).toEqual(['readServices 1', 'apply 2']);
    await bench.clock.advance(10 * SECOND);
    expect(Object.keys(await tableOf(bench))).toHaveLength(3);
    expect(bench.controller.snapshot().failing).toEqual([]);
  });

  test('a changed declaration is tried at once', async () => {
    const bench = start({});
    bench.kernel.failNext('AddService', 'ENOMEM');
    await begin(bench, web('192.168.0.1'));
    bench.source.present('VirtualService shop/web', web('192.168.0.2'));
    await bench.clock.settle();
    expect(await tableOf(bench)).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.2 1'] });
    expect(bench.controller.snapshot().failing).toEqual([]);
  });

  test('a kernel without IPVS is waited for', async () => {
    const bench = start({ kernel: { availability: 'NotLoaded' } });
    await begin(bench, web('192.168.0.1'));
    expect(bench.controller.snapshot().kernel).toMatchObject({ kind: 'Unreachable', attempts: 1 });
    bench.source.present('VirtualService shop/web', web('192.168.0.2'));
    await bench.clock.advance(10 * SECOND);
    expect(bench.events.filter(({ kind }) => kind === 'RoundFailed').length).toBeLessThan(6);
    bench.kernel.setAvailability('Available');
    await bench.clock.advance(30 * SECOND);
    expect(await tableOf(bench)).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.2 1'] });
    expect(bench.controller.snapshot().kernel).toEqual({ kind: 'Reachable' });
  });

  test('nothing is made that the inventory cannot note, and it is tried again', async () => {
    const inventory = memoryInventory();
    let isFull = true;
    const limited: MemoryInventory = {
      ...inventory,
      record: (intents) => (isFull ? Promise.reject(new UserError('the disk is full')) : inventory.record(intents)),
    };
    const bench = start({ inventory: limited });
    await begin(bench, web('192.168.0.1'));
    expect(await tableOf(bench)).toEqual({});
    expect(bench.events).toContainEqual(
      expect.objectContaining({ kind: 'RoundFailed', error: new UserError('the disk is full') }),
    );
    isFull = false;
    await bench.clock.advance(10 * SECOND);
    expect(await tableOf(bench)).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.1 1'] });
    expect([...inventory.entries().keys()]).toEqual(['TCP 10.0.0.1:80']);
  });

  test('a service of somebody else is reported, and made once it is gone', async () => {
    const bench = start({ kernel: { services: [service(WEB)] } });
    await begin(bench, web('192.168.0.1'));
    expect(bench.controller.snapshot().problems).toMatchObject([{ kind: 'ForeignService', key: 'TCP 10.0.0.1:80' }]);
    bench.kernel.writeAsAnother({ kind: 'DeleteService', key: WEB });
    await bench.clock.advance(30 * SECOND);
    expect(await tableOf(bench)).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.1 1'] });
    expect(bench.controller.snapshot()).toMatchObject({ problems: [], drift: {} });
  });
});

describe('careful removal', () => {
  const old = service(tcp('10.9.0.1'), [server('192.168.0.1')]);

  test('nothing goes before every source was read, while additions flow', async () => {
    const bench = start({ kernel: { services: [old] }, inventory: memoryInventory(owned([old])), sourceCount: 2 });
    await begin(bench, web('192.168.0.1'));
    await bench.clock.advance(5 * SECOND);
    expect(Object.keys(await tableOf(bench)).sort()).toEqual(['TCP 10.0.0.1:80', 'TCP 10.9.0.1:80']);
    expect(bench.controller.snapshot().removals).toEqual({
      obstacles: ['script 2 has not been read completely yet'],
      deferred: ['TCP 10.9.0.1:80'],
      heldBack: [],
    });
    bench.sources[1]?.state('Complete');
    await bench.clock.settle();
    expect(Object.keys(await tableOf(bench))).toEqual(['TCP 10.0.0.1:80']);
    expect(bench.controller.snapshot()).toMatchObject({ removals: { obstacles: [], deferred: [] }, drift: {} });
  });

  test('nothing goes while a unit is broken, which keeps its last good state', async () => {
    const bench = start({});
    await begin(bench, web('192.168.0.1'), numbered(1));
    const issue = { path: '', reason: 'Syntax', message: 'no YAML' } as const;
    bench.source.broken('VirtualService shop/web', issue);
    bench.source.gone('VirtualService shop/s1');
    bench.source.present('VirtualService shop/s2', numbered(2));
    await bench.clock.advance(60 * SECOND);
    expect(Object.keys(await tableOf(bench)).sort()).toEqual(['TCP 10.0.0.1:80', 'TCP 10.1.0.1:80', 'TCP 10.1.0.2:80']);
    expect(bench.controller.snapshot().issues).toEqual([issue]);
    bench.source.present('VirtualService shop/web', web('192.168.0.1'));
    await bench.clock.settle();
    expect(Object.keys(await tableOf(bench)).sort()).toEqual(['TCP 10.0.0.1:80', 'TCP 10.1.0.2:80']);
    expect(bench.controller.snapshot()).toMatchObject({ issues: [], drift: {} });
  });

  test('nothing goes while a source is away, be it another one, and all of it once it is back', async () => {
    const bench = start({ sourceCount: 2 });
    const [, other] = bench.sources;
    other?.state('Complete');
    await begin(bench, web('192.168.0.1'), numbered(1));
    other?.state('Away');
    bench.source.gone('VirtualService shop/s1');
    bench.source.present('VirtualService shop/web', web('192.168.0.2'));
    await bench.clock.advance(60 * SECOND);
    expect(await tableOf(bench)).toEqual({
      'TCP 10.0.0.1:80': ['192.168.0.2 1'],
      'TCP 10.1.0.1:80': ['192.168.0.1 1'],
    });
    expect(bench.controller.snapshot().removals).toEqual({
      obstacles: ['script 2 is away'],
      deferred: ['TCP 10.1.0.1:80'],
      heldBack: [],
    });
    other?.state('Complete');
    await bench.clock.settle();
    expect(await tableOf(bench)).toEqual({ 'TCP 10.0.0.1:80': ['192.168.0.2 1'] });
    expect(bench.controller.snapshot()).toMatchObject({ removals: { obstacles: [], deferred: [] }, drift: {} });
  });

  test('what a source withdrew before it went away and declares again when it is back never goes', async () => {
    const bench = start({});
    await begin(bench, web('192.168.0.1'), numbered(1));
    bench.source.gone('VirtualService shop/s1');
    bench.source.state('Away');
    await bench.clock.advance(60 * SECOND);
    bench.calls.length = 0;
    bench.source.present('VirtualService shop/s1', numbered(1));
    bench.source.state('Complete');
    await bench.clock.settle();
    expect(Object.keys(await tableOf(bench)).sort()).toEqual(['TCP 10.0.0.1:80', 'TCP 10.1.0.1:80']);
    expect(bench.calls.filter((call) => call.startsWith('apply'))).toEqual([]);
  });

  test('a source that is back and gone again at once holds everything back as one that stayed away', async () => {
    const bench = start({});
    await begin(bench, web('192.168.0.1'), numbered(1));
    bench.source.state('Away');
    bench.source.gone('VirtualService shop/s1');
    bench.source.state('Complete');
    bench.source.state('Away');
    await bench.clock.advance(60 * SECOND);
    expect(Object.keys(await tableOf(bench)).sort()).toEqual(['TCP 10.0.0.1:80', 'TCP 10.1.0.1:80']);
    bench.source.state('Complete');
    await bench.clock.settle();
    expect(Object.keys(await tableOf(bench))).toEqual(['TCP 10.0.0.1:80']);
  });

  test('many removals at once wait until somebody lets them go', async () => {
    const bench = start({});
    await begin(bench, ...range(40));
    bench.source.gone(...range(30).map(({ object }) => object));
    await bench.clock.advance(120 * SECOND);
    expect(Object.keys(await tableOf(bench))).toHaveLength(40);
    expect(bench.controller.snapshot().removals.heldBack).toHaveLength(30);
    bench.controller.releaseHeldBack();
    await bench.clock.settle();
    expect(Object.keys(await tableOf(bench))).toHaveLength(10);
    expect(bench.controller.snapshot()).toMatchObject({ removals: { heldBack: [] }, drift: {} });
  });

  test('what is let go while everything is put right goes after that', async () => {
    const bench = start({});
    await begin(bench, ...range(40));
    bench.source.gone(...range(30).map(({ object }) => object));
    await bench.clock.settle();
    expect(bench.controller.snapshot().removals.heldBack).toHaveLength(30);
    bench.kernel.writeAsAnother({
      kind: 'EditServer',
      key: tcp('10.1.0.35'),
      server: server('192.168.0.1', { port: 80, weight: 9 }),
    });
    bench.kernel.interfere(
      ({ kind }) => kind === 'EditServer',
      () => {
        bench.controller.releaseHeldBack();
      },
    );
    await bench.clock.advance(30 * SECOND);
    expect(Object.keys(await tableOf(bench))).toHaveLength(10);
  });

  test('many removals one after the other are held back as those at once are', async () => {
    const bench = start({});
    await begin(bench, ...range(40));
    for (const { object } of range(30)) {
      bench.source.gone(object);
      await bench.clock.settle();
    }
    expect(Object.keys(await tableOf(bench))).toHaveLength(20);
    expect(bench.controller.snapshot().removals.heldBack).toHaveLength(10);
  });

  test('what is held back and declared again stays and is not held back any more', async () => {
    const bench = start({});
    await begin(bench, ...range(20));
    bench.source.gone(...range(20).map(({ object }) => object));
    await bench.clock.settle();
    bench.source.presentAll(range(20));
    await bench.clock.settle();
    expect(bench.controller.snapshot().removals.heldBack).toEqual([]);
    expect(Object.keys(await tableOf(bench))).toHaveLength(20);
  });
});
