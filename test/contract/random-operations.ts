import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realServerKeyText, serviceKeyText } from '../../src/model/index.js';
import type { KernelService, Operation, RealServer, ServiceKey, ServiceSettings } from '../../src/model/index.js';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { arbitraryCalls } from './arbitrary-operations.js';
import { describeResult, emptyKernel, sortServices, takeSnapshot } from './snapshot.js';

/** The same sequences on every run; a failure prints the smallest one that shows it. */
export const RANDOM_SEED = 20_261_123;
/** Looking for the smallest one ends here: a report of a large one is better than a test that timed out. */
export const RANDOM_LIMIT_MILLISECONDS = 60_000;

export function describeRandomOperations(current: () => IpvsKernel, runs: number): void {
  describe('Random operations', () => {
    test('leave the table that those make which were done', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryCalls, async (calls) => {
          const kernel = current();
          await emptyKernel(kernel);
          const model = new ReplayedTable();
          for (const operations of calls) {
            const results = await kernel.apply(operations);
            expect(results).toHaveLength(operations.length);
            for (const [i, operation] of operations.entries()) {
              const result = results[i];
              if (result !== undefined && describeResult(result) === 'Done') model.replay(operation);
            }
            expect((await takeSnapshot(kernel)).services).toEqual(model.services());
          }
        }),
        { numRuns: runs, seed: RANDOM_SEED, interruptAfterTimeLimit: RANDOM_LIMIT_MILLISECONDS },
      );
    });
  });
}

/** Knows nothing of errors: it does what it is told was done. */
class ReplayedTable {
  readonly #services = new Map<
    string,
    { key: ServiceKey; settings: ServiceSettings; servers: Map<string, RealServer> }
  >();

  replay(operation: Operation): void {
    if (operation.kind === 'Flush') this.#services.clear();
    if (!('key' in operation) || operation.key === null) return;
    const text = serviceKeyText(operation.key);
    const service = this.#services.get(text);
    if (operation.kind === 'AddService') {
      this.#services.set(text, { key: operation.key, settings: operation.settings, servers: new Map() });
      return;
    }
    if (service === undefined) throw new Error(`${operation.kind} was done to a service that is not there: ${text}`);
    switch (operation.kind) {
      case 'EditService':
        service.settings = operation.settings;
        break;
      case 'DeleteService':
        this.#services.delete(text);
        break;
      case 'AddServer':
      case 'EditServer':
        service.servers.set(realServerKeyText(operation.server), operation.server);
        break;
      case 'DeleteServer':
        service.servers.delete(realServerKeyText(operation.server));
        break;
      case 'ZeroStatistics':
        break;
    }
  }

  services(): readonly KernelService[] {
    return sortServices(
      Array.from(this.#services.values(), (service) => ({ ...service, servers: [...service.servers.values()] })),
    );
  }
}
