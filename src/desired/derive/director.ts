import { NO_CLAIMS, parsePrefix } from '../../model/index.js';
import type { AddressPrefix, ExclusiveClaims, SyncDaemon, WantedDirector } from '../../model/index.js';
import type { DeclaredDirector, DirectorSpec } from '../declared.js';
import { parseMarkRange } from '../formats.js';
import { sysctlAsRead } from '../sysctls.js';

type DeclaredDaemon = NonNullable<DirectorSpec['syncDaemons']>[number];

/** What a Director wants of the kernel, and what it says about ownership. */
export function deriveDirector({ object, value: { spec } }: DeclaredDirector): WantedDirector {
  const sysctls = Object.entries(spec.sysctls ?? {}).map(([name, value]) => [name, sysctlAsRead(value)] as const);
  return {
    object,
    timeouts: withoutAbsent(spec.timeouts ?? {}),
    daemons: (spec.syncDaemons ?? []).filter(runsAlways).map(syncDaemonOf),
    sysctls: Object.fromEntries(sysctls),
    adopt: spec.ownership?.adoption === 'Always',
    exclusive: claimsOf(spec.ownership?.exclusive),
  };
}

/** Who leads is not known on a host of its own: a daemon that depends on it does not run. */
export function runsAlways({ runWhile = 'Always' }: DeclaredDaemon): boolean {
  return runWhile === 'Always';
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
