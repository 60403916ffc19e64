import { compareServiceKeys } from '../model/index.js';
import type { KernelService } from '../model/index.js';
import type { OrderedChanges } from './ordered-changes.js';
import type { Change, PlanOptions, PlanProblem } from './plan.js';

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
 * Removes the services, or none of those that nobody approved where they are so many that it looks like a mistake.
 *
 * @param total how many services of ours the kernel has
 */
export function removeServices(
  removals: readonly Removal[],
  total: number,
  { maximumRemovals, approvedRemovals, heldRemovals, deferRemovals }: PlanOptions,
  changes: OrderedChanges,
): PlanProblem | undefined {
  if (removals.length === 0) return undefined;
  const sorted = [...removals].sort((a, b) => compareServiceKeys(a.service.key, b.service.key));
  if (deferRemovals === true) return { kind: 'RemovalsDeferred', keys: sorted.map(({ key }) => key) };
  const limit = maximumRemovals ?? removalLimit(total);
  const isApproved = ({ key }: Removal): boolean => approvedRemovals?.has(key) === true;
  const isHeld = (removal: Removal): boolean => heldRemovals?.has(removal.key) === true && !isApproved(removal);
  const isTooMany = sorted.filter((removal) => !isApproved(removal) && !isHeld(removal)).length > limit;
  const heldBack = sorted.filter((removal) => (isTooMany ? !isApproved(removal) : isHeld(removal)));
  const stay = new Set(heldBack);
  for (const removal of sorted) if (!stay.has(removal)) changes.serviceRemovals.push(removalChange(removal));
  return heldBack.length === 0
    ? undefined
    : { kind: 'RemovalsHeldBack', keys: heldBack.map(({ key }) => key), total, limit };
}

/** How many of so many services may go at once without anybody having been asked. */
export function removalLimit(total: number): number {
  return Math.max(ALWAYS_ALLOWED, Math.floor(total / 2));
}

function removalChange({ service, object }: Removal): Change {
  return {
    operation: { kind: 'DeleteService', key: service.key },
    before: { settings: service.settings, serverCount: service.servers.length },
    ...(object === undefined ? {} : { object }),
  };
}
