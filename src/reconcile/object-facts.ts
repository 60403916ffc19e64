import type { Claim, ObjectStanding } from '../desired/index.js';
import { serviceFamily, syncDaemonKeyText } from '../model/index.js';
import type { RealServer, WantedDirector, WantedState } from '../model/index.js';
import type { Departing, ObjectFacts, Part, Pool, StandIn, Standing } from '../status/index.js';
import type { KernelSnapshot } from './controller-types.js';
import type { Findings } from './findings.js';
import type { HealthOverlay, ServiceStanding } from './health/index.js';

export interface FactSources {
  readonly standing: ObjectStanding;
  readonly wanted: WantedState;
  readonly health: HealthOverlay;
  readonly findings: Findings;
  /** Whether a part of an object is still to be looked at. */
  readonly isDue: (part: string) => boolean;
  readonly kernel: KernelSnapshot;
  readonly heldBack?: readonly string[];
  readonly deferred?: readonly string[];
  readonly departing?: readonly Departing[];
}

/** All that is known of one object; `undefined` where more will be known soon, since a part is about to be looked at. */
export function gatherFacts(sources: FactSources): ObjectFacts | undefined {
  const { standing, wanted, heldBack = [], deferred = [], departing = [] } = sources;
  const parts: Part[] = [];
  for (const { name, claim } of partsOf(standing, wanted.director)) {
    const partStanding = standingOf(name, claim, sources);
    if (partStanding === undefined) return undefined;
    const pool = claim === undefined ? {} : { pool: poolOf(claim, sources) };
    parts.push({ name, standing: partStanding, ...pool });
  }
  const { generation, isSuspended, faults, remarks, rival } = standing;
  return {
    ...(generation === undefined ? {} : { generation }),
    ...(rival === undefined ? {} : { rival }),
    isSuspended,
    faults,
    remarks,
    parts,
    heldBack,
    deferred,
    departing,
  };
}

interface NamedPart {
  readonly name: string;
  /** Absent for what is of the director as a whole. */
  readonly claim?: Claim;
}

function partsOf({ claims, isDirector }: ObjectStanding, director: WantedDirector | null): readonly NamedPart[] {
  if (!isDirector || director === null) return claims.map((claim) => ({ name: claim.key, claim }));
  return [
    ...(Object.keys(director.timeouts).length > 0 ? ['timeouts'] : []),
    ...Object.keys(director.sysctls).map((name) => `sysctl ${name}`),
    ...director.daemons.map(({ role }) => syncDaemonKeyText(role)),
  ].map((name) => ({ name }));
}

function standingOf(
  name: string,
  claim: Claim | undefined,
  { findings, isDue, kernel }: FactSources,
): Standing | undefined {
  if (claim !== undefined && claim.owner === undefined) return { kind: 'LeftAlone' };
  if (claim?.owner !== undefined && claim.owner !== claim.service.object) return { kind: 'Lost', to: claim.owner };
  if (isDue(name)) {
    return kernel.kind === 'Unreachable' ? { kind: 'Unreachable', message: kernel.error.message } : undefined;
  }
  const problem = findings.problems.get(name);
  if (problem?.kind === 'ForeignService') return { kind: 'Foreign' };
  if (problem?.kind === 'UnknownSysctl') return { kind: 'Unsupported', message: 'this kernel does not have it' };
  const failure = findings.failures.get(name);
  if (failure !== undefined) return { kind: 'Failed', operation: failure.operation, error: failure.error };
  return { kind: 'Programmed' };
}

/** All servers that are declared, and of those that apply now the ones that take new connections. */
function poolOf({ key, service }: Claim, { wanted, health }: FactSources): Pool {
  const applying = wanted.services.get(key) ?? service;
  const state = health.view.standingOf(key);
  const standIn = state && standInOf(state);
  return {
    family: serviceFamily(service.key),
    healthy: state?.healthy ?? applying.servers.filter(takesConnections).length,
    total: service.servers.length,
    ...(state === undefined ? {} : { leaving: state.leaving, keepsClients: state.keepsClients }),
    ...(standIn === undefined ? {} : { standIn }),
  };
}

function standInOf({ isSorry, healthy, takers }: ServiceStanding): StandIn | undefined {
  if (isSorry) return 'SorryServers';
  return healthy === 0 && takers > 0 ? 'FailingServers' : undefined;
}

function takesConnections({ weight }: RealServer): boolean {
  return weight > 0;
}
