import type {
  KernelService,
  Operation,
  RealServer,
  ServiceSettings,
  SyncDaemon,
  Sysctls,
  Timeouts,
  WantedState,
} from '../model/index.js';

/** All that a plan depends on. */
export interface PlanInput {
  readonly wanted: WantedState;
  readonly observed: ObservedState;
  /** What this program made or took over, by key text: the entries of the inventory. */
  readonly owned: ReadonlyMap<string, Owner>;
  readonly options: PlanOptions;
}

/** What was read from the kernel. `null` stands for what was not read; nothing is planned about it. */
export interface ObservedState {
  /** By `serviceKeyText`: the whole table, or the services of the scope. */
  readonly services: ReadonlyMap<string, KernelService>;
  readonly timeouts: Timeouts | null;
  readonly daemons: readonly SyncDaemon[] | null;
  /** A name that the kernel does not have is absent. */
  readonly sysctls: Sysctls | null;
}

/** What of a director has to be read besides the table, so that a plan can be made. */
export interface ObservationNeeds {
  readonly timeouts: boolean;
  readonly daemons: boolean;
  readonly sysctls: readonly string[];
}

export interface Owner {
  /** `VirtualService shop/web` */
  readonly object: string;
  readonly set: string;
  /** Of a service that was about to be made when the program was killed: see {@link Imprint}. */
  readonly imprint?: string;
}

export interface PlanOptions {
  /** The set that the wanted objects are applied in. */
  readonly set: string;
  /** Whether wanted services that someone else made become ours, besides what the Director says. */
  readonly adopt?: boolean;
  /** Whether services of this set go whose objects are not declared any more. */
  readonly prune?: boolean;
  /** Whether pruning may leave nothing of the set. */
  readonly allowEmpty?: boolean;
  /** How many services may go at once. By default half of ours, and 10 in any case. */
  readonly maximumRemovals?: number;
  /** Services that a person let go already: they do not count as removals. */
  readonly approvedRemovals?: ReadonlySet<string>;
  /** Services whose removal was held back: it stays so until it is approved. */
  readonly heldRemovals?: ReadonlySet<string>;
  /** Takes no service and no daemon away, since what is declared is not known completely. */
  readonly deferRemovals?: boolean;
  /**
   * Plans for these service keys alone, at the cost of these alone. What belongs to the director as a whole is left
   * out, and `observed.services` needs to hold no others.
   */
  readonly scope?: ReadonlySet<string>;
}

/** What has to be done to the kernel, in the order in which it has to be done. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Things that the kernel has already and that get a new owner in the inventory, besides any changes to them. */
  readonly adoptions: readonly Adoption[];
  /** What stays although nobody declares it any more, because pruning was not asked for or is for another set. */
  readonly orphans: readonly Orphan[];
  /** Services that lose their weights by this plan and stay until their connections end, before they go. */
  readonly departures: readonly string[];
  /** Inventory keys whose things are not in the kernel any more and not wanted either, or turned out to be another's. */
  readonly stale: readonly string[];
  /** Inventory keys of services that turned out to be what was about to be made. */
  readonly confirmed: readonly string[];
  /** What is wanted and is not in this plan. */
  readonly problems: readonly PlanProblem[];
}

export interface Change {
  readonly operation: Operation;
  /** What the kernel has now, where the operation edits or deletes: for texts only. */
  readonly before?: Before;
  /** The object behind it, `VirtualService shop/web`. Absent where nobody ever declared it. */
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
  readonly sysctl?: string;
}

export interface Adoption {
  /** A `serviceKeyText` or a `syncDaemonKeyText`. */
  readonly key: string;
  readonly object: string;
  /** The owner until now; absent where someone else made it. */
  readonly from?: Owner;
}

export interface Orphan extends Owner {
  readonly key: string;
}

export type PlanProblem =
  /**
   * A wanted service was made by someone else, and adopting was not asked for. `owner`: by this program, for another
   * object of another set.
   */
  | { readonly kind: 'ForeignService'; readonly key: string; readonly object: string; readonly owner?: Owner }
  /** So many services would go that it looks like a mistake. `total`: how many there are of ours. */
  | {
      readonly kind: 'RemovalsHeldBack';
      readonly keys: readonly string[];
      readonly total: number;
      readonly limit: number;
    }
  /** These would go if removals were not deferred. */
  | { readonly kind: 'RemovalsDeferred'; readonly keys: readonly string[] }
  /** Nothing of a set would be left, and emptying a set was not asked for. */
  | { readonly kind: 'EmptySet'; readonly set: string; readonly keys: readonly string[] }
  /** The kernel has no such sysctl. */
  | { readonly kind: 'UnknownSysctl'; readonly name: string; readonly object: string };

/** Services, real servers and director settings (timeouts, daemons, sysctls) by what becomes of them. */
export interface PlanCounts {
  readonly services: Counts;
  /** Real servers that go with their service are counted among the removals. */
  readonly realServers: Counts;
  readonly directorSettings: Counts;
  /** Services and daemons that become ours, or another object's. */
  readonly adoptions: number;
}

export interface Counts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}
