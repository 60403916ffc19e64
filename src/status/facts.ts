import type { Issue, KernelError } from '../errors/index.js';
import type { AddressFamily, OperationKind } from '../model/index.js';

/** All that one node knows of one object. */
export interface ObjectFacts {
  /** Of the object as this node knows it; absent where nobody counts. */
  readonly generation?: number;
  readonly isSuspended: boolean;
  /** Why it cannot be followed; what it declared before stays. */
  readonly faults: readonly Fact[];
  /** What it has to do without, and is right all the same. */
  readonly remarks: readonly Fact[];
  /** Of a Director: the one that applies to this node in its place. */
  readonly rival?: string;
  readonly parts: readonly Part[];
  /** Services that the object does not declare any more, and that stay: since so many would go, */
  readonly heldBack: readonly string[];
  /** or since not all that is declared is known. */
  readonly deferred: readonly string[];
  /** Services that the object does not declare any more, and that keep their connections for a while. */
  readonly departing: readonly Departing[];
}

export interface Departing {
  /** A `serviceKeyText`. */
  readonly name: string;
  /** As of a `Pool`. */
  readonly keepsClients: boolean;
}

export type Fact = Pick<Issue, 'path' | 'reason' | 'message'>;

/** One thing that an object wants of the kernel: a service, or a setting of the director. */
export interface Part {
  /** A `serviceKeyText`, a `syncDaemonKeyText`, `timeouts`, or `sysctl NAME`. */
  readonly name: string;
  readonly standing: Standing;
  /** The real servers of a service. */
  readonly pool?: Pool;
}

/** Sorry servers, or real servers that fail and are kept since there is nobody else. */
export type StandIn = 'SorryServers' | 'FailingServers';

export interface Pool {
  readonly family: AddressFamily;
  /** Those that pass, have a weight and do not drain. */
  readonly healthy: number;
  readonly total: number;
  /** Servers that are wanted no more and keep their connections for a while. */
  readonly leaving?: number;
  /** Whether the kernel sends clients back to servers that have weight 0, since they are persistent. */
  readonly keepsClients?: boolean;
  /** Who takes new connections in their place; absent where they do themselves, or nobody does. */
  readonly standIn?: StandIn;
}

export type Standing =
  /** The kernel has it as it is wanted. */
  | { readonly kind: 'Programmed' }
  /** It was not looked at since it changed, because the kernel cannot be read. */
  | { readonly kind: 'Unreachable'; readonly message: string }
  | { readonly kind: 'Failed'; readonly operation: OperationKind; readonly error: KernelError }
  | { readonly kind: 'Unsupported'; readonly message: string }
  /** A service that someone else made, and that is not to be adopted. */
  | { readonly kind: 'Foreign' }
  /** Another object has it. */
  | { readonly kind: 'Lost'; readonly to: string }
  /** Nobody touches it: it is suspended, or the object is not followed, or it is not known who shall have it. */
  | { readonly kind: 'LeftAlone' };
