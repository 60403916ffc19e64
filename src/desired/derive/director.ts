import { NO_CLAIMS, parseMarkRange, parsePrefix } from '../../model/index.js';
import type { AddressPrefix, ExclusiveClaims, SyncDaemon, WantedDirector } from '../../model/index.js';
import type { DeclaredDirector, DirectorSpec } from '../declared.js';
import type { Surroundings } from '../surroundings.js';
import { sysctlAsRead } from '../sysctls.js';

type DeclaredDaemon = NonNullable<DirectorSpec['syncDaemons']>[number];

type Roles = Surroundings['roles'];

/** What a Director wants of the kernel, and what it says about ownership. */
export function deriveDirector({ object, value: { spec } }: DeclaredDirector, roles: Roles): WantedDirector {
  const role = roles === null ? null : (roles.get(object) ?? 'Unknown');
  const daemons = spec.syncDaemons ?? [];
  const kept = role === 'Unknown' ? daemons.filter((daemon) => !runsAlways(daemon)) : [];
  const sysctls = Object.entries(spec.sysctls ?? {}).map(([name, value]) => [name, sysctlAsRead(value)] as const);
  return {
    object,
    timeouts: withoutAbsent(spec.timeouts ?? {}),
    daemons: daemons.filter((daemon) => runsAlways(daemon) || daemon.runWhile === role).map(syncDaemonOf),
    ...(kept.length === 0 ? {} : { keptDaemons: kept.map((daemon) => daemon.role) }),
    sysctls: Object.fromEntries(sysctls),
    adopt: spec.ownership?.adoption === 'Always',
    exclusive: claimsOf(spec.ownership?.exclusive),
  };
}

/** Others run while this node leads, or follows. Where nobody elects anybody they do not run. */
function runsAlways({ runWhile = 'Always' }: DeclaredDaemon): boolean {
  return runWhile === 'Always';
}

/** Whether there is a daemon that runs, or may run once somebody is elected. */
export function mayRunDaemon({ syncDaemons = [] }: DirectorSpec, roles: Roles): boolean {
  return syncDaemons.some((daemon) => roles !== null || runsAlways(daemon));
}

/** Whether a daemon depends on who is elected. */
export function needsElection({ syncDaemons = [] }: DirectorSpec): boolean {
  return syncDaemons.some((daemon) => !runsAlways(daemon));
}

function syncDaemonOf(daemon: DeclaredDaemon): SyncDaemon {
  const { role, syncId, multicastGroup, port, ttl, maximumMessageLength } = daemon;
  return {
    role,
    interface: daemon.interface,
    syncId,
    ...withoutAbsent({ multicastGroup, port, ttl, maximumMessageLength }),
  };
}

function claimsOf(exclusive: NonNullable<DirectorSpec['ownership']>['exclusive']): ExclusiveClaims {
  if (exclusive === undefined) return NO_CLAIMS;
  return {
    prefixes: parsePrefixes(exclusive.cidrs),
    firewallMarks: (exclusive.firewallMarks ?? []).map(parseMarkRange).filter((range) => range !== undefined),
  };
}

export function parsePrefixes(texts: readonly string[] | undefined): readonly AddressPrefix[] {
  return (texts ?? []).map(parsePrefix).filter((prefix) => prefix !== undefined);
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutAbsent<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
