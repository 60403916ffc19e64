import type { UserError } from '../../errors/index.js';
import type {
  CheckState,
  HealthMemory,
  ManualDrain,
  Prober,
  ServiceState,
  Target,
  Verdict,
} from '../../health/index.js';
import type { IpvsKernel } from '../../kernel/index.js';
import type { AddressFamily, CheckMethod, MarkRange, RealServer } from '../../model/index.js';
import type { Clock } from '../clock.js';

export interface HealthInput {
  readonly prober: Prober;
  readonly memory: HealthMemory;
  /** The firewall marks that lead checks of virtual addresses to servers; `null`: there are none. */
  readonly checkMarks: MarkRange | null;
  /** The time of the day. */
  readonly nowEpochMilliseconds: () => number;
}

export interface OverlayInput extends HealthInput {
  readonly kernel: IpvsKernel;
  readonly clock: Clock;
  /** Whether the kernel's service with this key was made for an object that is followed here. */
  readonly isOurs: (key: string) => boolean;
  /** Which object that was, or whose checks. */
  readonly ownerOf: (key: string) => string | undefined;
  /** Is called when some service may have to be looked at again. */
  readonly onNews: () => void;
  readonly observe: (event: HealthEvent) => void;
}

export type HealthEvent =
  /** Checks that failed pass now, or the reverse, since the last time. */
  | { readonly kind: 'ChecksChanged'; readonly changes: readonly CheckChange[] }
  /** Servers of services fail now, by all of their checks together, or pass again, since the last time. */
  | { readonly kind: 'ServersChanged'; readonly changes: readonly ServerChange[] }
  /** A quorum that held is lost now, or the reverse. Sorry servers stand in, or did, where there are any. */
  | {
      readonly kind: 'QuorumChanged';
      readonly service: string;
      readonly object: string;
      readonly holds: boolean;
      readonly hasSorryServers: boolean;
    }
  /** Servers and services began to drain, or ended it, since the last time. */
  | { readonly kind: 'DrainsChanged'; readonly changes: readonly DrainChange[] }
  /** Sorry servers stand in for the real servers now, or do so no more. */
  | { readonly kind: 'SorryServers'; readonly service: string; readonly object: string; readonly areInUse: boolean }
  /** What outlives a restart could not be written: told once, until it works again. */
  | { readonly kind: 'HealthNotSaved'; readonly error: UserError };

export interface ServiceStanding extends Pick<ServiceState, 'healthy' | 'takers' | 'isSorry'> {
  /** How many servers keep their connections for a while, and are wanted no more. */
  readonly leaving: number;
  /** Whether the kernel sends clients back to servers that have weight 0, since they are persistent. */
  readonly keepsClients: boolean;
}

export interface CheckChange {
  readonly target: Target;
  readonly state: CheckState;
  /** Key texts of those that have the server, in a fixed order. */
  readonly services: readonly string[];
}

export interface ServerChange {
  readonly service: string;
  readonly object: string;
  /** A `realServerKeyText`. */
  readonly server: string;
  readonly isPassing: boolean;
  /** What its first check that says so found last; `null` before it was asked. */
  readonly cause: Verdict | null;
}

export interface DrainChange {
  readonly service: string;
  readonly object: string;
  /** A `realServerKeyText`; `null`: the service as a whole. */
  readonly server: string | null;
  /** `Cancelled`: it is declared again. `TakenOut` and `LetIn`: a person did that. */
  readonly step: 'Began' | 'ConnectionsEnded' | 'TimeIsUp' | 'Cancelled' | 'TakenOut' | 'LetIn';
}

/** What a person wants to know of a service's servers at this moment. */
export interface ServiceHealth {
  readonly service: string;
  readonly object: string;
  /** Servers that pass, have a weight and are not drained, of those that are declared. */
  readonly healthy: number;
  readonly total: number;
  readonly hasQuorum: boolean;
  readonly isSorry: boolean;
  /** Whether nobody declares it any more, and it goes when its connections have ended. */
  readonly isLeaving: boolean;
  /** Whether the kernel sends clients back to servers that have weight 0, since they are persistent. */
  readonly keepsClients: boolean;
  readonly servers: readonly ServerHealth[];
}

export interface CheckHealth extends CheckState {
  readonly type: CheckMethod['type'];
}

export interface ServerHealth {
  /** As declared, or as it leaves. */
  readonly server: RealServer;
  readonly role: 'Real' | 'Sorry' | 'Leaving';
  /** In the kernel; `null`: it is not there. */
  readonly weight: number | null;
  readonly isPassing: boolean;
  readonly isDrained: boolean;
  /** In the order of the declared checks. */
  readonly checks: readonly CheckHealth[];
  /** Since when it passes, fails or leaves; `null` where nobody counts. */
  readonly sinceMilliseconds: number | null;
  /** Of one that leaves or was taken out, once they were counted. */
  readonly connections?: number;
  /** Of one that leaves. */
  readonly deadlineMilliseconds?: number;
}

/** Servers by what they do now. */
export interface ServerCounts {
  /** Declared ones that pass, have a weight and are not drained. */
  readonly healthy: number;
  /** Declared ones that pass, and have no weight or are drained. */
  readonly idle: number;
  readonly failing: number;
  /** They keep their connections for a while, and are wanted no more. */
  readonly leaving: number;
  /** They stand in for others. */
  readonly sorry: number;
}

/** How one service is, in numbers. */
export interface ServiceTally extends Pick<ServiceState, 'hasQuorum' | 'isSorry'> {
  readonly object: string;
  readonly family: AddressFamily;
  /** Whether nobody declares it any more. */
  readonly isLeaving: boolean;
  readonly servers: ServerCounts;
}

export interface HealthSnapshot {
  /** Checks of servers; what several services ask alike counts once. */
  readonly checks: number;
  readonly failingChecks: number;
  /** Of the services that something besides their declaration decides about. */
  readonly servers: ServerCounts;
  /** Services that sorry servers stand in for. */
  readonly sorryServices: number;
  readonly servicesWithoutQuorum: number;
  /** Services that nobody declares any more, and that keep their connections for a while. */
  readonly departingServices: number;
  readonly drains: readonly ManualDrain[];
  /** The first of the services that are not as declared, and how many there are. */
  readonly otherCount: number;
  readonly services: readonly ServiceHealth[];
}
