import type { Operation, RealServer, ServiceSettings, SyncDaemon, Timeouts } from '../model/index.js';

/** What has to be done to the kernel, in the order in which it has to be done. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Wanted services that exist already and shall be ours from now on: no operation, only inventory. */
  readonly adoptions: readonly Adoption[];
  /** Inventory keys whose things are not in the kernel any more and not wanted either. */
  readonly stale: readonly string[];
  /** What is wanted and is not in this plan. */
  readonly problems: readonly PlanProblem[];
}

export interface Change {
  readonly operation: Operation;
  /** What the kernel has now, where the operation edits or deletes: for texts only. */
  readonly before?: Before;
  /** The declared object behind it: `VirtualService shop/web`. Absent where nobody declares it. */
  readonly object?: string;
}

/** The state that an edit or a deletion ends, by the operation's kind. */
export interface Before {
  readonly settings?: ServiceSettings;
  readonly server?: RealServer;
  /** Of a service that goes: how many real servers go with it. */
  readonly serverCount?: number;
  readonly timeouts?: Timeouts;
  readonly daemon?: SyncDaemon;
  /** `undefined` within: the kernel has no such sysctl. */
  readonly sysctl?: string;
}

export interface Adoption {
  readonly key: string;
  readonly object: string;
}

export type PlanProblem =
  /** A wanted service was made by someone else, and adopting was not asked for. */
  | { readonly kind: 'ForeignService'; readonly key: string; readonly object: string }
  /** So many services would go that it looks like a mistake. */
  | { readonly kind: 'RemovalsHeldBack'; readonly keys: readonly string[]; readonly total: number }
  /** The objects of a set are all gone, and emptying a set was not asked for. */
  | { readonly kind: 'EmptySet'; readonly set: string; readonly keys: readonly string[] }
  /** The kernel has no such sysctl. */
  | { readonly kind: 'UnknownSysctl'; readonly name: string; readonly object: string };
