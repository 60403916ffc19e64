import { compareServiceKeys } from '../model/index.js';
import type { DepartureStage, KernelService } from '../model/index.js';
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
  /** Absent where it goes at once. */
  readonly stage?: DepartureStage;
}

export interface RemovalOutcome {
  /** Keys of services that keep their connections from now on, in the place of being removed. */
  readonly departures: readonly string[];
  readonly problem?: PlanProblem;
}

/**
 * Removes the services, or none of those that nobody approved where they are so many that it looks like a mistake. What
 * departs has been allowed to go when it began to.
 *
 * @param total how many services of ours the kernel has
 */
export function removeServices(
  removals: readonly Removal[],
  total: number,
  { maximumRemovals, approvedRemovals, heldRemovals, deferRemovals }: PlanOptions,
  changes: OrderedChanges,
): RemovalOutcome {
  if (removals.length === 0) return NOTHING_GOES;
  const sorted = [...removals].sort((a, b) => compareServiceKeys(a.service.key, b.service.key));
  const goers = sorted.filter(({ stage }) => stage !== 'Leaving');
  for (const removal of sorted) if (removal.stage === 'Leaving') endNewConnections(removal, changes);
  if (goers.length === 0) return NOTHING_GOES;
  if (deferRemovals === true) {
    return { departures: [], problem: { kind: 'RemovalsDeferred', keys: goers.map(({ key }) => key) } };
  }
  const limit = maximumRemovals ?? removalLimit(total);
  const isApproved = ({ key, stage }: Removal): boolean => stage === 'Over' || approvedRemovals?.has(key) === true;
  const isHeld = (removal: Removal): boolean => heldRemovals?.has(removal.key) === true && !isApproved(removal);
  const isTooMany = goers.filter((removal) => !isApproved(removal) && !isHeld(removal)).length > limit;
  const heldBack = goers.filter((removal) => (isTooMany ? !isApproved(removal) : isHeld(removal)));
  const stay = new Set(heldBack);
  const departures: string[] = [];
  for (const removal of goers) {
    if (stay.has(removal)) continue;
    if (removal.stage === 'Due' && removal.service.servers.length > 0) {
      departures.push(removal.key);
      endNewConnections(removal, changes);
    } else changes.serviceRemovals.push(removalChange(removal));
  }
  if (heldBack.length === 0) return { departures };
  return { departures, problem: { kind: 'RemovalsHeldBack', keys: heldBack.map(({ key }) => key), total, limit } };
}

const NOTHING_GOES: RemovalOutcome = { departures: [] };

/** The connections that its servers have go on. */
function endNewConnections({ service, object }: Removal, changes: OrderedChanges): void {
  for (const before of service.servers) {
    if (before.weight === 0) continue;
    changes.serverReductions.push({
      operation: { kind: 'EditServer', key: service.key, server: { ...before, weight: 0 } },
      before: { server: before },
      ...(object === undefined ? {} : { object }),
    });
  }
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
