import { isDrained } from '../../health/index.js';
import type { CheckState, ManualDrain, ServiceState } from '../../health/index.js';
import { realServerKeyText } from '../../model/index.js';
import type { RealServer, ServicePolicy, WantedService } from '../../model/index.js';
import type { Connections } from './connections.js';
import type { Departure } from './departures.js';
import type { Targets } from './targets.js';
import type { CheckHealth, ServerHealth, ServiceHealth } from './types.js';

interface Described {
  readonly declared: WantedService;
  readonly policy: ServicePolicy;
  readonly state: ServiceState;
}

interface Known {
  readonly drains: readonly ManualDrain[];
  readonly targets: Targets;
  readonly connections: Connections;
  readonly keepsClients: boolean;
}

/** What a person wants to know of one service. */
export function describeHealth(
  service: string,
  { declared, policy, state }: Described,
  { drains, targets, connections, keepsClients }: Known,
): ServiceHealth {
  const weights = new Map(state.servers.map((server) => [realServerKeyText(server), server.weight]));
  const { object } = declared;
  const common = (server: RealServer) => ({
    server,
    weight: weights.get(realServerKeyText(server)) ?? null,
    isDrained: isDrained(drains, server, { key: service, object }),
    ...countOf(connections.countOf(service, realServerKeyText(server))),
  });
  const real = declared.servers.map((server): ServerHealth => {
    const checks = policy.checks.flatMap((check): readonly CheckHealth[] => {
      const known = targets.stateOf(declared, server, check, policy);
      return known === undefined ? [] : [{ type: check.method.type, ...known }];
    });
    const isPassing = targets.isPassing(declared, server, policy);
    return { ...common(server), role: 'Real', isPassing, checks, sinceMilliseconds: sinceWhen(checks, isPassing) };
  });
  const isDeclared = (key: string): boolean => declared.servers.some((server) => realServerKeyText(server) === key);
  const isShownAsSorry = (key: string): boolean => state.isSorry || (weights.has(key) && !isDeclared(key));
  const sorryServers = policy.sorryServers.filter((server) => {
    const key = realServerKeyText(server);
    return !state.leaving.has(key) && isShownAsSorry(key);
  });
  const sorry = sorryServers.map((server): ServerHealth => ({
    ...common(server),
    role: 'Sorry',
    isPassing: true,
    checks: [],
    sinceMilliseconds: null,
  }));
  const leaving = Array.from(state.leaving.values(), ({ server, sinceMilliseconds, deadlineMilliseconds }) =>
    describeLeaving(common(server), sinceMilliseconds, deadlineMilliseconds),
  );
  const { hasQuorum, isSorry, healthy } = state;
  return {
    ...{ service, object, healthy, total: declared.servers.length, hasQuorum, isSorry, isLeaving: false, keepsClients },
    servers: [...real, ...sorry, ...leaving],
  };
}

/** A service that keeps its connections for a while although nobody declares it any more. */
export function describeDeparture(
  service: string,
  { object, servers, sinceMilliseconds, drainMilliseconds }: Departure,
  { connections, keepsClients }: Pick<Known, 'connections' | 'keepsClients'>,
): ServiceHealth {
  const since = sinceMilliseconds ?? 0;
  const leaving = servers.map((server) => {
    const counted = countOf(connections.countOf(service, realServerKeyText(server)));
    return describeLeaving({ server, weight: 0, isDrained: false, ...counted }, since, since + drainMilliseconds);
  });
  return {
    ...{ service, object, healthy: 0, total: 0, hasQuorum: true, isSorry: false, isLeaving: true, keepsClients },
    servers: leaving,
  };
}

function describeLeaving(
  common: Pick<ServerHealth, 'server' | 'weight' | 'isDrained' | 'connections'>,
  sinceMilliseconds: number,
  deadlineMilliseconds: number,
): ServerHealth {
  return {
    ...common,
    role: 'Leaving',
    isPassing: true,
    checks: [],
    sinceMilliseconds,
    deadlineMilliseconds,
  };
}

function countOf(connections: number | undefined): Pick<ServerHealth, 'connections'> {
  return connections === undefined ? {} : { connections };
}

/** It passes since its last check does, and fails since its first one does. */
function sinceWhen(checks: readonly CheckState[], isPassing: boolean): number | null {
  const times = checks
    .filter((check) => check.isPassing === isPassing)
    .map(({ sinceMilliseconds }) => sinceMilliseconds);
  if (times.length === 0) return null;
  return isPassing ? Math.max(...times) : Math.min(...times);
}
