import { afterEach, describe, expect, test } from 'vitest';
import { createController } from '../../src/reconcile/index.js';
import type { ControllerOptions } from '../../src/reconcile/index.js';
import type { NodeState, ObjectReport } from '../../src/status/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel, FakeKernelOptions } from '../../src/testing/index.js';
import { director, virtualService } from '../desired/documents.js';
import { service, tcp } from '../plan/states.js';
import { ManualClock } from './manual-clock.js';
import { memoryInventory } from './memory-inventory.js';
import { ScriptedSource } from './scripted-source.js';

const WEB = 'VirtualService shop/web';

interface Bench {
  readonly kernel: FakeKernel;
  readonly clock: ManualClock;
  readonly source: ScriptedSource;
  /** The latest report of each object. */
  readonly states: ReadonlyMap<string, NodeState | null>;
  /** The objects that were told of since the last call. */
  readonly takeTold: () => readonly string[];
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

function start(kernelOptions: FakeKernelOptions = {}, options: Partial<ControllerOptions> = {}): Bench {
  const kernel = createFakeKernel(kernelOptions);
  const clock = new ManualClock();
  const source = new ScriptedSource();
  const states = new Map<string, NodeState | null>();
  let told: string[] = [];
  const controller = createController({
    kernel,
    inventory: memoryInventory(),
    sources: [source],
    options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false, ...options },
    statusSink: {
      report: (reports: readonly ObjectReport[]) => {
        for (const { object, state } of reports) states.set(object, state);
        told.push(...reports.map(({ object }) => object));
      },
    },
    clock,
    random: () => 0.5,
    observe: () => undefined,
  });
  const ending = new AbortController();
  const running = controller.run(ending.signal);
  open.push(async () => {
    ending.abort();
    await running;
  });
  const takeTold = (): readonly string[] => {
    const objects = told;
    told = [];
    return objects;
  };
  return { kernel, clock, source, states, takeTold };
}

async function begin(bench: Bench, ...documents: Parameters<ScriptedSource['presentAll']>[0]): Promise<void> {
  bench.source.presentAll(documents);
  bench.source.state('Complete');
  await bench.clock.settle();
}

function web(
  fields: { readonly generation?: number; readonly suspend?: boolean; readonly servers?: readonly number[] } = {},
) {
  const { generation = 1, servers = [1, 1], suspend = false } = fields;
  return virtualService(
    'web',
    {
      addresses: ['10.0.0.1'],
      ports: [{ port: 80 }, { port: 443 }],
      realServers: servers.map((weight, i) => ({ address: `192.168.0.${i + 1}`, weight })),
      suspend,
    },
    { generation },
  );
}

function other(name: string, address: string) {
  return virtualService(name, {
    addresses: [address],
    ports: [{ port: 80 }],
    realServers: [{ address: '192.168.0.1' }],
  });
}

describe('an object is told of', () => {
  test('once the kernel has it, with its generation and its servers', async () => {
    const bench = start();
    await begin(bench, web({ generation: 7, servers: [1, 0] }));
    expect(bench.states.get(WEB)).toEqual({
      observedGeneration: 7,
      programmed: 2,
      healthy: 1,
      total: 2,
      reason: 'Programmed',
      message: '',
    });
  });

  test('alone, where it alone changed', async () => {
    const bench = start();
    await begin(bench, web(), ...Array.from({ length: 60 }, (_, i) => other(`o${i}`, `10.1.0.${i + 1}`)));
    expect(bench.takeTold()).toHaveLength(61);
    bench.source.present(WEB, web({ generation: 2, servers: [1, 1, 1] }));
    await bench.clock.settle();
    expect(bench.takeTold()).toEqual([WEB]);
    expect(bench.states.get(WEB)).toMatchObject({ observedGeneration: 2, total: 3 });
    await bench.clock.advance(31_000);
    expect(bench.takeTold()).toEqual([]);
  });

  test('as gone', async () => {
    const bench = start();
    await begin(bench, web());
    bench.source.gone(WEB);
    await bench.clock.settle();
    expect(bench.states.get(WEB)).toBeNull();
  });

  test('where nothing is wanted of the kernel: suspended', async () => {
    const bench = start();
    await begin(bench, web({ suspend: true }));
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'Suspended', programmed: 0 });
  });

  test('where the newest of it is broken: with the generation that is, and what is wrong', async () => {
    const bench = start();
    await begin(bench, web());
    const issue = { path: 'spec.scheduler', reason: 'InvalidValue', message: 'expected a name' } as const;
    bench.source.broken(WEB, issue);
    await bench.clock.settle();
    expect(bench.states.get(WEB)).toMatchObject({
      reason: 'InvalidSpec',
      message: 'spec.scheduler: expected a name',
      programmed: 2,
    });
    bench.source.present(WEB, web({ generation: 3 }));
    await bench.clock.settle();
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'Programmed', observedGeneration: 3 });
  });
});

describe('what keeps an object from being programmed', () => {
  test('another object that has one of its keys, until that one goes', async () => {
    const bench = start();
    await begin(bench, other('a', '10.0.0.1'));
    bench.source.present(WEB, web());
    await bench.clock.settle();
    expect(bench.states.get(WEB)).toMatchObject({
      reason: 'PartialConflict',
      programmed: 1,
      message: 'TCP 10.0.0.1:80 belongs to VirtualService shop/a',
    });
    bench.source.gone('VirtualService shop/a');
    await bench.clock.settle();
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'Programmed', programmed: 2 });
  });

  test('a service that someone else made, until that one goes', async () => {
    const bench = start({ services: [service(tcp('10.0.0.1'))] });
    await begin(bench, web());
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'ForeignService', programmed: 1 });
    bench.kernel.writeAsAnother({ kind: 'DeleteService', key: tcp('10.0.0.1') });
    await bench.clock.advance(31_000);
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'Programmed', programmed: 2 });
  });

  test('a kernel that refuses it, until it does not', async () => {
    const bench = start();
    bench.kernel.failNext('AddService', 'ENOENT');
    await begin(bench, web());
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'UnsupportedByKernel', programmed: 1 });
    await bench.clock.advance(5000);
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'Programmed', programmed: 2 });
  });

  test('a Director that does not allow it, until it does', async () => {
    const bench = start();
    await begin(bench, web());
    bench.source.present('Director edge', director('edge', { allowedAddresses: [{ cidrs: ['10.9.0.0/16'] }] }));
    await bench.clock.settle();
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'NotAllowed' });
    expect(bench.states.get('Director edge')).toMatchObject({ reason: 'Programmed' });
    bench.source.present('Director edge', director('edge', {}));
    await bench.clock.settle();
    expect(bench.states.get(WEB)).toMatchObject({ reason: 'Programmed', programmed: 2 });
  });
});

test('services whose objects are gone all at once are told of by the Director', async () => {
  const bench = start();
  const many = Array.from({ length: 30 }, (_, i) => other(`o${i}`, `10.1.0.${i + 1}`));
  await begin(bench, ...many);
  bench.source.present('Director edge', director('edge', {}));
  bench.source.gone(...many.map(({ object }) => object));
  await bench.clock.settle();
  await bench.clock.advance(31_000);
  expect(bench.states.get('Director edge')).toMatchObject({ reason: 'RemovalsHeldBack' });
});

test('a Director is told of with its settings, and a younger one as in conflict', async () => {
  const bench = start();
  await begin(bench, web());
  bench.source.present('Director b', director('b', {}));
  bench.source.present('Director a', director('a', { timeouts: { tcpSeconds: 60 }, sysctls: { no_such: '1' } }));
  await bench.clock.settle();
  expect(bench.states.get('Director a')).toEqual({
    programmed: 1,
    reason: 'UnsupportedByKernel',
    message: 'sysctl no_such: this kernel does not have it',
  });
  expect(bench.states.get('Director b')).toMatchObject({ reason: 'Conflict' });
});
