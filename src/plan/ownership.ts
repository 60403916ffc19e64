import { prefixContains } from '../model/index.js';
import type { ExclusiveClaims, ServiceKey } from '../model/index.js';
import type { Adoption, Owner, PlanInput } from './plan.js';

/**
 * What becomes of a thing in the kernel that nobody wants:
 *
 * - `Remove`: its object is declared and does not name it any more, or it lies within the exclusive claims;
 * - `Prune`: its whole object is gone, and pruning the set was asked for;
 * - `Orphan`: its whole object is gone, and pruning was not asked for;
 * - `Leave`: it is somebody else's, another set's, or its object is frozen.
 */
export type Fate = 'Remove' | 'Prune' | 'Orphan' | 'Leave';

/** What becomes of an unwanted thing that the inventory knows. */
export function fateOfOwned(owner: Owner, { wanted, options }: PlanInput): Fate {
  if (wanted.frozen?.has(owner.object) === true) return 'Leave';
  if (wanted.objects.has(owner.object)) return 'Remove';
  if (owner.set !== options.set) return 'Leave';
  return options.prune === true ? 'Prune' : 'Orphan';
}

/** The entry that the inventory lacks for a thing that is wanted and in the kernel; `undefined` where it is right. */
export function adoptionOf(
  key: string,
  object: string,
  owner: Owner | undefined,
  options: PlanInput['options'],
): Adoption | undefined {
  if (owner === undefined) return { key, object };
  return owner.object === object && owner.set === options.set ? undefined : { key, object, from: owner };
}

/** Whether a service belongs to the director whoever made it. */
export function isClaimed(claims: ExclusiveClaims, key: ServiceKey): boolean {
  if (key.firewallMark !== undefined) {
    const mark = key.firewallMark;
    return claims.firewallMarks.some(({ first, last }) => first <= mark && mark <= last);
  }
  return claims.prefixes.some((prefix) => prefixContains(prefix, key.address));
}
