import type { AddressPrefix } from './address.js';
import type { SyncDaemon, SyncRole, Sysctls, Timeouts } from './director.js';
import type { ServicePolicy } from './service-policy.js';
import type { MarkRange } from './service-key.js';
import type { KernelService } from './service.js';

/** The desired state of one director's kernel, as `desired` derives it from documents. */
export interface WantedState {
  /** By `serviceKeyText`. */
  readonly services: ReadonlyMap<string, WantedService>;
  /** Keys of suspended objects, which are left as they are in the kernel, and the objects they belong to. */
  readonly suspended: ReadonlyMap<string, string>;
  /** All objects that are declared, whether or not they want anything: `VirtualService shop/web`. */
  readonly objects: ReadonlySet<string>;
  readonly director: WantedDirector | null;
  /** Objects that are declared in a way that cannot be followed: what the kernel has of them is left as it is. */
  readonly frozen?: ReadonlySet<string>;
  /** Services that are not wanted any more and keep their connections for a while, by key text. */
  readonly departing?: ReadonlyMap<string, DepartureStage>;
  /** Whether services may be there that serve nobody, but lead checks to servers; absent: none are. */
  readonly hasPaths?: boolean;
}

/**
 * How far a service is on its way out:
 *
 * - `Due`: once it may go, its servers get weight 0 and it stays;
 * - `Leaving`: its servers have weight 0. Nobody has to allow any more that it goes;
 * - `Over`: it goes.
 */
export type DepartureStage = 'Due' | 'Leaving' | 'Over';

export interface WantedService extends KernelService {
  readonly object: string;
  /** Absent where nothing but the declaration decides about its servers. */
  readonly policy?: ServicePolicy;
  /**
   * Servers, by `realServerKeyText`, that are known from before the host was started anew alone: where something is
   * checked, they fail until it passes.
   */
  readonly unconfirmed?: ReadonlySet<string>;
}

export interface WantedDirector {
  readonly object: string;
  /** Absent fields are left alone. */
  readonly timeouts: Partial<Timeouts>;
  /** At most one of each role. */
  readonly daemons: readonly SyncDaemon[];
  /** Roles whose daemons stay as they are, running or not: whether they shall run is not known now. */
  readonly keptDaemons?: readonly SyncRole[];
  readonly sysctls: Sysctls;
  /** Whether wanted services that someone else made become ours. */
  readonly adopt: boolean;
  readonly exclusive: ExclusiveClaims;
}

/** The services that are this director's whoever made them. */
export interface ExclusiveClaims {
  readonly prefixes: readonly AddressPrefix[];
  readonly firewallMarks: readonly MarkRange[];
}

export const NO_CLAIMS: ExclusiveClaims = Object.freeze({ prefixes: [], firewallMarks: [] });

const CHECKS = 'Checks ';

/** Whom services are for that lead the checks of an object to its servers: of `VirtualService shop/web`, `Checks shop/web`. */
export function checksOf(object: string): string {
  return `${CHECKS}${object.slice(object.indexOf(' ') + 1)}`;
}

/** Whether it is such a name. What is for checks is made, changed and removed for checks alone, and nobody misses it. */
export function areChecks(object: string): boolean {
  return object.startsWith(CHECKS);
}
