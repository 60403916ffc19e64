import fc from 'fast-check';
import { expect, test } from 'vitest';
import { realServerKeyText, serviceKeyText } from '../../src/model/index.js';
import type { KernelService, Operation } from '../../src/model/index.js';
import { KernelError } from '../../src/errors/index.js';
import { converge } from '../../src/reconcile/index.js';
import type { ConvergeReport } from '../../src/reconcile/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel } from '../../src/testing/index.js';
import { canonicalTable } from '../plan/model-kernel.js';
import { owned, server, service, tcp, wanted, wantedService, WEB } from '../plan/states.js';
import { memoryInventory } from './memory-inventory.js';
import type { MemoryInventory } from './memory-inventory.js';

const PORTS = [80, 81, 82, 83];
const realServer = fc
  .tuple(fc.constantFrom('192.168.0.1', '192.168.0.2', '192.168.0.3'), fc.nat(2))
  .map(([address, weight]) => server(address, { weight }));
const kernelService = fc
  .tuple(
    fc.constantFrom(...PORTS),
    fc.uniqueArray(realServer, { selector: realServerKeyText }),
    fc.constantFrom('wlc', 'rr'),
  )
  .map(([port, servers, scheduler]) => service(tcp('10.0.0.1', port), servers, { scheduler }));
const services = fc.uniqueArray(kernelService, { selector: ({ key }) => serviceKeyText(key) });

/** What another program does, and before which of our operations. */
const interference = fc.record({
  moment: fc.constantFrom<Operation['kind'][]>(
    'AddService',
    'EditService',
    'AddServer',
    'EditServer',
    'DeleteServer',
    'DeleteService',
  ),
  operation: fc.oneof(
    kernelService.map(({ key, settings }): Operation => ({ kind: 'AddService', key, settings })),
    kernelService.map(({ key, settings }): Operation => ({ kind: 'EditService', key, settings })),
    kernelService.map(({ key }): Operation => ({ kind: 'DeleteService', key })),
    fc
      .tuple(kernelService, realServer, fc.constantFrom('AddServer', 'EditServer', 'DeleteServer'))
      .map(([{ key }, chosen, kind]): Operation => ({ kind, key, server: chosen })),
  ),
});

/** As another program would, that does not mind when the kernel refuses. */
function tryAsAnother(kernel: FakeKernel, operation: Operation): void {
  try {
    kernel.writeAsAnother(operation);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
  }
}

function run(
  wantedServices: readonly KernelService[],
  kernel: FakeKernel,
  inventory: MemoryInventory,
): Promise<ConvergeReport> {
  return converge({
    wanted: wanted(
      wantedServices.map((entry) => wantedService(entry)),
      { objects: new Set([WEB]) },
    ),
    kernel,
    inventory,
    options: { set: 'default' },
    nowMilliseconds: () => 0,
  });
}

test('whatever another program does meanwhile, a later run makes wanted services right, and the one after that has nothing to do', async () => {
  await fc.assert(
    fc.asyncProperty(services, services, fc.array(interference, { maxLength: 4 }), async (start, shall, meanwhile) => {
      const kernel = createFakeKernel({ services: start });
      const inventory = memoryInventory(owned(start));
      for (const { moment, operation } of meanwhile) {
        kernel.interfere(moment, () => {
          tryAsAnother(kernel, operation);
        });
      }
      // Each run may meet one thing that another program does; the last one meets none.
      for (let i = 0; i < meanwhile.length; i++) await run(shall, kernel, inventory);
      const { problems, failures } = await run(shall, kernel, inventory);
      const again = await run(shall, kernel, inventory);
      expect(failures).toEqual([]);
      expect(again.plan).toMatchObject({ changes: [], adoptions: [], stale: [], problems });
      const foreign = new Set(problems.flatMap((problem) => (problem.kind === 'ForeignService' ? [problem.key] : [])));
      const table = await kernel.readTable();
      const right = shall.filter(({ key }) => !foreign.has(serviceKeyText(key)));
      const ours = new Map([...table].filter(([key]) => inventory.entries().has(key)));
      expect(canonicalTable(ours)).toEqual(
        canonicalTable(new Map(right.map((entry) => [serviceKeyText(entry.key), entry]))),
      );
    }),
  );
});

test('services of others are the same after as before, however the kernel fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      services,
      services,
      fc.nat(PORTS.length),
      fc.array(
        fc.constantFrom<Operation['kind'][]>('AddService', 'AddServer', 'EditServer', 'DeleteServer', 'EditService'),
      ),
      async (start, shall, ownedCount, failing) => {
        const kernel = createFakeKernel({ services: start });
        const inventory = memoryInventory(owned(start.slice(0, ownedCount)));
        for (const kind of failing) kernel.failNext(kind, 'ENOMEM');
        await run(shall, kernel, inventory);
        const table = await kernel.readTable();
        for (const foreign of start.slice(ownedCount)) {
          const key = serviceKeyText(foreign.key);
          const after = table.get(key);
          expect(after === undefined ? undefined : canonicalTable(new Map([[key, after]]))).toEqual(
            canonicalTable(new Map([[key, foreign]])),
          );
        }
        for (const key of inventory.entries().keys()) expect(table.has(key), `${key} is recorded`).toBe(true);
      },
    ),
  );
});
