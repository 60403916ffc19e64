import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeclaredDocument } from '../../src/desired/index.js';
import { KernelError } from '../../src/errors/index.js';
import type { KernelErrorCode } from '../../src/errors/index.js';
import { Failures } from '../../src/kernel/index.js';
import type { IpvsKernel, OperationResult } from '../../src/kernel/index.js';
import { serviceKeyText } from '../../src/model/index.js';
import type { KernelService, Operation } from '../../src/model/index.js';
import { createController } from '../../src/reconcile/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel } from '../../src/testing/index.js';
import { virtualService } from '../desired/documents.js';
import { canonicalTable } from '../plan/model-kernel.js';
import { server, service, tcp } from '../plan/states.js';
import { ManualClock } from './manual-clock.js';
import { memoryInventory } from './memory-inventory.js';
import { ScriptedSource } from './scripted-source.js';

const NAMES = ['a', 'b', 'c'];
/** A service that somebody else made, on a key that nobody declares. */
const FOREIGN = service(tcp('10.9.0.1'), [server('192.168.9.9')]);

type Step =
  | { readonly kind: 'Declare'; readonly name: string; readonly servers: readonly number[]; readonly weight: number }
  | { readonly kind: 'Remove' | 'Break'; readonly name: string }
  | { readonly kind: 'Fail'; readonly operation: Operation['kind'] | 'Read'; readonly code: KernelErrorCode }
  | { readonly kind: 'Drift'; readonly operation: Operation; readonly before: Operation['kind'] | undefined }
  | { readonly kind: 'Wait'; readonly milliseconds: number }
  | { readonly kind: 'Refresh' };

const name = fc.constantFrom(...NAMES);
const kinds = fc.constantFrom<Operation['kind'][]>(
  'AddService',
  'AddServer',
  'EditServer',
  'DeleteServer',
  'DeleteService',
);

function keyOf(object: string): ReturnType<typeof tcp> {
  return tcp(`10.0.0.${NAMES.indexOf(object) + 1}`);
}

const foreignWrite = fc
  .tuple(name, fc.integer({ min: 1, max: 3 }), fc.nat(2), fc.constantFrom('AddServer', 'EditServer', 'DeleteService'))
  .map(([object, host, weight, kind]): Operation =>
    kind === 'DeleteService'
      ? { kind, key: keyOf(object) }
      : { kind, key: keyOf(object), server: server(`192.168.0.${host}`, { port: 80, weight }) },
  );

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('Declare' as const),
      name,
      servers: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 }),
      weight: fc.integer({ min: 1, max: 3 }),
    }),
  },
  fc.record({ kind: fc.constantFrom('Remove' as const, 'Break' as const), name }),
  fc.record({
    kind: fc.constant('Fail' as const),
    operation: fc.oneof(kinds, fc.constant('Read' as const)),
    code: fc.constantFrom<KernelErrorCode[]>('ENOMEM', 'EPERM'),
  }),
  fc.record({
    kind: fc.constant('Drift' as const),
    operation: foreignWrite,
    before: fc.option(kinds, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('Wait' as const), milliseconds: fc.constantFrom(1, 800, 31_000) }),
  fc.constant({ kind: 'Refresh' as const }),
);

function documentOf(object: string, { servers }: KernelService): DeclaredDocument {
  return virtualService(object, {
    addresses: [`10.0.0.${NAMES.indexOf(object) + 1}`],
    ports: [{ port: 80 }],
    realServers: servers.map(({ address, weight }) => ({ address, weight })),
  });
}

/** As another program would, that does not mind when the kernel refuses. */
function tryAsAnother(kernel: FakeKernel, operation: Operation): void {
  try {
    kernel.writeAsAnother(operation);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}

test('whatever happens, in the end the kernel is as declared, and services of others are as they were', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.99, noNaN: true })),
      async (steps, chances) => {
        const kernel = createFakeKernel({ services: [FOREIGN] });
        const inventory = memoryInventory();
        const clock = new ManualClock();
        const source = new ScriptedSource();
        const controller = createController({
          kernel,
          inventory,
          sources: [source],
          options: { set: 'default', adopt: true, resyncSeconds: 30, flushOnExit: false },
          clock,
          random: () => Number(chances.next().value),
          observe: () => undefined,
        });
        const ending = new AbortController();
        const running = controller.run(ending.signal);
        source.state('Complete');
        const declared = new Map<string, KernelService>();
        for (const now of steps) {
          switch (now.kind) {
            case 'Declare': {
              const entry = service(
                keyOf(now.name),
                now.servers.map((host) => server(`192.168.0.${host}`, { port: 80, weight: now.weight })),
              );
              declared.set(now.name, entry);
              source.present(now.name, documentOf(now.name, entry));
              break;
            }
            case 'Remove':
              source.gone(now.name);
              declared.delete(now.name);
              break;
            case 'Break':
              source.broken(now.name);
              break;
            case 'Fail':
              kernel.failNext(now.operation, now.code);
              break;
            case 'Drift':
              if (now.before === undefined) tryAsAnother(kernel, now.operation);
              else
                kernel.interfere(now.before, () => {
                  tryAsAnother(kernel, now.operation);
                });
              break;
            case 'Wait':
              await clock.advance(now.milliseconds);
              break;
            case 'Refresh':
              controller.refresh();
              break;
          }
        }
        // What is broken is put right, what is planned happens, and then nothing more does.
        for (const object of NAMES) {
          const entry = declared.get(object);
          if (entry === undefined) source.gone(object);
          else source.present(object, documentOf(object, entry));
        }
        for (let i = 0; i < steps.length + 2; i++) await clock.advance(61_000);
        const snapshot = controller.snapshot();
        ending.abort();
        await running;
        expect(snapshot).toMatchObject({ failing: [], problems: [], issues: [], kernel: { kind: 'Reachable' } });
        const table = await kernel.readTable();
        const right = [FOREIGN, ...declared.values()].map((entry) => [serviceKeyText(entry.key), entry] as const);
        expect(canonicalTable(table)).toEqual(canonicalTable(new Map(right)));
        expect([...inventory.entries().keys()].sort()).toEqual(
          [...declared.values()].map(({ key }) => serviceKeyText(key)).sort(),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('no service is ever without a server while its real servers change', async () => {
  const servers = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 });
  const failing = fc.array(fc.constantFrom<Operation['kind'][]>('AddServer', 'EditServer', 'DeleteServer'));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(servers, failing), { minLength: 2, maxLength: 8 }), async (histories) => {
      const kernel = createFakeKernel();
      const empty: string[] = [];
      const watched: IpvsKernel = {
        ...portOf(kernel),
        apply: async (operations, options) => {
          const results: OperationResult[] = [];
          // One by one, so that the table can be looked at between any two.
          const failures = new Failures();
          for (const operation of operations) {
            const cause = failures.blocking(operation);
            const [result] = cause === undefined ? await kernel.apply([operation], options) : [];
            results.push(result ?? { status: 'Skipped', cause: cause ?? unexpected() });
            if (result?.status === 'Failed') failures.record(operation, result.error);
            const isFilling = operation.kind === 'AddService' || operation.kind === 'AddServer';
            for (const [key, entry] of await kernel.readTable()) {
              if (!isFilling && entry.servers.length === 0) empty.push(`${key} after ${operation.kind}`);
            }
          }
          return results;
        },
      };
      const clock = new ManualClock();
      const source = new ScriptedSource();
      const controller = createController({
        kernel: watched,
        inventory: memoryInventory(),
        sources: [source],
        options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false },
        clock,
        random: () => 0.5,
        observe: () => undefined,
      });
      const ending = new AbortController();
      const running = controller.run(ending.signal);
      source.state('Complete');
      for (const [i, [hosts, faults]] of histories.entries()) {
        if (i > 0) for (const kind of faults) kernel.failNext(kind, 'ENOMEM');
        const entries = hosts.map((host) => server(`192.168.0.${host}`, { port: 80 }));
        source.present('a', documentOf('a', service(keyOf('a'), entries)));
        await clock.advance(1000);
      }
      ending.abort();
      await running;
      expect(empty).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

/** The port's methods as functions of an object without a prototype. */
function portOf(kernel: FakeKernel): IpvsKernel {
  return {
    readTable: (options) => kernel.readTable(options),
    readObservedTable: (options) => kernel.readObservedTable(options),
    readServices: (keys, options) => kernel.readServices(keys, options),
    readObservedServices: (keys, options) => kernel.readObservedServices(keys, options),
    readInfo: () => kernel.readInfo(),
    readTimeouts: () => kernel.readTimeouts(),
    readDaemons: () => kernel.readDaemons(),
    readSysctls: (names) => kernel.readSysctls(names),
    apply: (operations, options) => kernel.apply(operations, options),
    close: () => kernel.close(),
  };
}

function unexpected(): never {
  throw new Error('an operation without a result');
}
