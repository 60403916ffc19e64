import { compareServiceKeys } from '../model/index.js';
import type { KernelService } from '../model/index.js';
import type { OrderedChanges } from './ordered-changes.js';
import type { Change, PlanProblem } from './plan.js';

/** So few services may always go at once. */
const ALWAYS_ALLOWED = 10;

/** A service that is to go. */
export interface Removal {
  readonly key: string;
  readonly service: KernelService;
  /** The object that it was made for; absent where the inventory does not know it. */
  readonly object?: string;
}

/**
 * Removes the services, or none of them where they are so many that it looks like a mistake.
 *
 * @param total how many services of ours the kernel has
 * @param maximum how many may go, where a person said so
 */
export function removeServices(
  removals: readonly Removal[],
  total: number,
  maximum: number | undefined,
  changes: OrderedChanges,
): PlanProblem | undefined {
  const sorted = [...removals].sort((a, b) => compareServiceKeys(a.service.key, b.service.key));
  const limit = maximum ?? Math.max(ALWAYS_ALLOWED, Math.floor(total / 2));
  if (sorted.length > limit) {
    return { kind: 'RemovalsHeldBack', keys: sorted.map(({ key }) => key), total, limit };
  }
  for (const removal of sorted) changes.serviceRemovals.push(removalChange(removal));
  return undefined;
}

function removalChange({ service, object }: Removal): Change {
  return {
    operation: { kind: 'DeleteService', key: service.key },
    before: { settings: service.settings, serverCount: service.servers.length },
    ...(object === undefined ? {} : { object }),
  };
}
