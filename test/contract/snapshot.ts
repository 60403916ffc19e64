import { expect } from 'vitest';
import { compareServiceKeys, DEFAULT_TIMEOUTS, realServerKeyText } from '../../src/model/index.js';
import type { KernelService, Operation, SyncDaemon, Timeouts } from '../../src/model/index.js';
import type { IpvsKernel, OperationResult } from '../../src/kernel/index.js';

/** All that operations change, but for sysctls; in one order, so that equal states are equal values. */
export interface Snapshot {
  readonly services: readonly KernelService[];
  readonly daemons: readonly SyncDaemon[];
  readonly timeouts: Timeouts;
}

export const EMPTY: Snapshot = { services: [], daemons: [], timeouts: DEFAULT_TIMEOUTS };

export async function takeSnapshot(kernel: IpvsKernel): Promise<Snapshot> {
  const table = await kernel.readTable();
  return {
    services: sortServices([...table.values()]),
    daemons: [...(await kernel.readDaemons())].sort((a, b) => compareText(a.role, b.role)),
    timeouts: await kernel.readTimeouts(),
  };
}

export function sortServices(services: readonly KernelService[]): readonly KernelService[] {
  return services
    .map((service) => ({
      ...service,
      servers: [...service.servers].sort((a, b) => compareText(realServerKeyText(a), realServerKeyText(b))),
    }))
    .sort((a, b) => compareServiceKeys(a.key, b.key));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Brings a kernel back to {@link EMPTY}, whatever was done to it. */
export async function emptyKernel(kernel: IpvsKernel): Promise<void> {
  const daemons = await kernel.readDaemons();
  await mustApply(kernel, [
    { kind: 'Flush' },
    ...daemons.map(({ role }) => ({ kind: 'StopDaemon', role }) as const),
    { kind: 'SetTimeouts', timeouts: DEFAULT_TIMEOUTS },
  ]);
}

/** Operations that a test builds upon. */
export async function mustApply(kernel: IpvsKernel, operations: readonly Operation[]): Promise<void> {
  const results = await kernel.apply(operations);
  expect(results.map(describeResult)).toEqual(operations.map(() => 'Done'));
}

/** `Done`, `Skipped`, `Cancelled`, or the error code of what failed. */
export function describeResult(result: OperationResult): string {
  return result.status === 'Failed' ? result.error.code : result.status;
}
