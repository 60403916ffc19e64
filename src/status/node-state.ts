import type { AddressFamily } from '../model/index.js';
import { joinMessages, nameSome } from './bounds.js';
import type { Fact, ObjectFacts, Part, Pool, StandIn, Standing } from './facts.js';
import { seriousness } from './reasons.js';
import type { NodeReason } from './reasons.js';

/** How an object is on one node, in a few words and numbers. */
export interface NodeState {
  readonly observedGeneration?: number;
  /** How many of its parts the kernel has as they are wanted. */
  readonly programmed: number;
  /** Real servers that take new connections, of all; absent where the object has no services. */
  readonly healthy?: number;
  readonly total?: number;
  readonly reason: NodeReason;
  /** What is not as it should be, with the keys and fields it is about; empty where nothing is to be said. */
  readonly message: string;
}

/** The same as it stands in the object's status; another version's reasons may be others. */
export interface NodeEntry extends Partial<Omit<NodeState, 'reason'>> {
  readonly node: string;
  readonly reason?: string;
}

/** What a node says of an object: how it is, or `null` where the object is not meant for this node. */
export interface ObjectReport {
  /** `VirtualService shop/web`, `Director edge`. */
  readonly object: string;
  readonly state: NodeState | null;
}

export function describeOnNode(facts: ObjectFacts): NodeState {
  const findings = collectFindings(facts).sort((a, b) => seriousness(a.reason) - seriousness(b.reason));
  return {
    ...(facts.generation === undefined ? {} : { observedGeneration: facts.generation }),
    programmed: facts.parts.filter(({ standing }) => standing.kind === 'Programmed').length,
    ...countServers(facts.parts),
    reason: findings[0]?.reason ?? 'Programmed',
    message: joinMessages(findings.map(({ message }) => message)),
  };
}

/** Whether the entry says already what the state says. */
export function sameNodeState(entry: NodeEntry | undefined, state: NodeState | null): boolean {
  if (entry === undefined || state === null) return entry === undefined && state === null;
  return (
    entry.observedGeneration === state.observedGeneration &&
    entry.programmed === state.programmed &&
    entry.healthy === state.healthy &&
    entry.total === state.total &&
    entry.reason === state.reason &&
    entry.message === state.message
  );
}

const KEEPS_CLIENTS =
  'clients with persistence come back to servers with weight 0, unless the sysctl expire_quiescent_template is 1';

interface Finding {
  readonly reason: NodeReason;
  readonly message: string;
}

function collectFindings(facts: ObjectFacts): Finding[] {
  return [
    ...findFaults(facts),
    ...(facts.rival === undefined
      ? []
      : [{ reason: 'Conflict' as const, message: `${facts.rival} is older and applies to this node` }]),
    ...(facts.isSuspended ? [{ reason: 'Suspended' as const, message: 'left as it is in the kernel' }] : []),
    ...findLost(facts.parts),
    ...findInParts(facts.parts),
    ...findUnservedPools(facts.parts),
    ...findLeftOvers(facts),
    ...findDrains(facts),
    ...facts.remarks.map((remark) => ({ reason: 'ServersLeftOut' as const, message: textOf(remark) })),
  ];
}

function findFaults({ faults }: ObjectFacts): readonly Finding[] {
  return faults.map(({ path, reason, message }) => ({
    reason: reason === 'NotAllowed' ? 'NotAllowed' : reason === 'Conflict' ? 'Conflict' : 'InvalidSpec',
    message: textOf({ path, message }),
  }));
}

function textOf({ path, message }: Pick<Fact, 'path' | 'message'>): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** What other objects have, by who has it. */
function findLost(parts: readonly Part[]): readonly Finding[] {
  const byOwner = groupNames(parts, ({ standing }) => (standing.kind === 'Lost' ? standing.to : undefined));
  const isWhole = parts.every(({ standing }) => standing.kind === 'Lost');
  return [...byOwner].map(([owner, names]) => ({
    reason: isWhole ? 'Conflict' : 'PartialConflict',
    message: `${nameSome(names)} ${names.length === 1 ? 'belongs' : 'belong'} to ${owner}`,
  }));
}

/** What went wrong with single parts; what is told in the same words is told once. */
function findInParts(parts: readonly Part[]): readonly Finding[] {
  const findings = new Map<string, Finding & { readonly names: string[] }>();
  for (const { name, standing } of parts) {
    const finding = findingOf(standing);
    if (finding === undefined) continue;
    const id = `${finding.reason} ${finding.message}`;
    const known = findings.get(id);
    if (known === undefined) findings.set(id, { ...finding, names: [name] });
    else known.names.push(name);
  }
  return Array.from(findings.values(), ({ reason, message, names }) => ({
    reason,
    message: `${nameSome(names)}: ${message}`,
  }));
}

function findingOf(standing: Standing): Finding | undefined {
  switch (standing.kind) {
    case 'Programmed':
    case 'Lost':
    case 'LeftAlone':
      return undefined;
    case 'Foreign':
      return { reason: 'ForeignService', message: 'another program made it, and adoption is not allowed' };
    case 'Unsupported':
      return { reason: 'UnsupportedByKernel', message: standing.message };
    case 'Failed':
      return {
        reason: isUnsupported(standing) ? 'UnsupportedByKernel' : 'ProgrammingFailed',
        message: standing.error.message,
      };
    case 'Unreachable':
      return { reason: 'KernelUnavailable', message: standing.message };
  }
}

function isUnsupported({ operation, error: { code } }: Standing & { readonly kind: 'Failed' }): boolean {
  switch (code) {
    case 'EAFNOSUPPORT':
    case 'EOPNOTSUPP':
    case 'EPROTONOSUPPORT':
      return true;
    // Of a service it stands for a scheduler or a persistence engine.
    case 'ENOENT':
      return operation === 'AddService' || operation === 'EditService';
    default:
      return false;
  }
}

const UNSERVED = {
  Nobody: { reason: 'NoServers', describe: (family) => `no real server takes new connections of ${family}` },
  FailingServers: {
    reason: 'AllFailing',
    describe: (family) => `every real server of ${family} fails, and all are kept`,
  },
  SorryServers: {
    reason: 'SorryServersInUse',
    describe: (family) => `sorry servers take the new connections of ${family}`,
  },
} as const satisfies Record<StandIn | 'Nobody', { reason: NodeReason; describe: (family: string) => string }>;

function findUnservedPools(parts: readonly Part[]): readonly Finding[] {
  return (['Nobody', 'FailingServers', 'SorryServers'] as const).flatMap((standIn) => {
    const byFamily = groupNames(parts, ({ standing, pool }) =>
      standing.kind === 'Programmed' && pool !== undefined && standInOf(pool) === standIn ? pool.family : undefined,
    );
    const { reason, describe } = UNSERVED[standIn];
    return Array.from(byFamily, ([family, names]) => ({ reason, message: `${describe(family)} (${nameSome(names)})` }));
  });
}

function standInOf({ healthy, standIn }: Pool): StandIn | 'Nobody' | undefined {
  return standIn ?? (healthy === 0 ? 'Nobody' : undefined);
}

function findLeftOvers({ heldBack, deferred }: ObjectFacts): readonly Finding[] {
  const findings: Finding[] = [];
  if (heldBack.length > 0) {
    const message = `${nameSome(heldBack)} would go, with so many others that a person has to allow it`;
    findings.push({ reason: 'RemovalsHeldBack', message });
  }
  if (deferred.length > 0) {
    const message = `${nameSome(deferred)} stays until everything that is declared can be read`;
    findings.push({ reason: 'RemovalsDeferred', message });
  }
  return findings;
}

function findDrains({ parts, departing }: ObjectFacts): readonly Finding[] {
  const leaving = parts.filter(({ pool }) => (pool?.leaving ?? 0) > 0).map(({ name }) => name);
  const keeping = [
    ...parts.filter(({ pool }) => pool?.keepsClients === true),
    ...departing.filter(({ keepsClients }) => keepsClients),
  ].map(({ name }) => name);
  const messages: string[] = [];
  if (leaving.length > 0) messages.push(`servers that are removed drain (${nameSome(leaving)})`);
  if (departing.length > 0) messages.push(`${nameSome(departing.map(({ name }) => name))} drains before it goes`);
  if (keeping.length > 0) messages.push(`${KEEPS_CLIENTS} (${nameSome(keeping)})`);
  return messages.map((message) => ({ reason: 'Draining', message }));
}

function groupNames(parts: readonly Part[], groupOf: (part: Part) => string | undefined): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const part of parts) {
    const group = groupOf(part);
    if (group === undefined) continue;
    const names = groups.get(group);
    if (names === undefined) groups.set(group, [part.name]);
    else names.push(part.name);
  }
  return groups;
}

/** The servers of one family are the same behind every port: of these the service that is worst off counts. */
function countServers(parts: readonly Part[]): Pick<NodeState, 'healthy' | 'total'> {
  const families = new Map<AddressFamily, { healthy: number; total: number }>();
  for (const { standing, pool } of parts) {
    if (pool === undefined) continue;
    const known = families.get(pool.family) ?? { healthy: Infinity, total: 0 };
    const isServed = standing.kind !== 'Lost' && standing.kind !== 'Foreign';
    families.set(pool.family, {
      healthy: isServed ? Math.min(known.healthy, pool.healthy) : known.healthy,
      total: Math.max(known.total, pool.total),
    });
  }
  if (families.size === 0) return {};
  let healthy = 0;
  let total = 0;
  for (const family of families.values()) {
    if (family.healthy !== Infinity) healthy += family.healthy;
    total += family.total;
  }
  return { healthy, total };
}
