import { isDrained } from '../../health/index.js';
import type { CheckState, ManualDrain, ServiceState } from '../../health/index.js';
import { realServerKeyText } from '../../model/index.js';
import type { RealServer, ServicePolicy, WantedService } from '../../model/index.js';
import type { Connections } from './connections.js';
import type { Targets } from './targets.js';
import type { ServerHealth, ServiceHealth } from './types.js';

interface Described {
  readonly declared: WantedService;
  readonly policy: ServicePolicy;
  readonly state: ServiceState;
}

/** What a person wants to know of one service. */
export function describeHealth(
  service: string,
  { declared, policy, state }: Described,
  drains: readonly ManualDrain[],
  targets: Targets,
  connections: Connections,
): ServiceHealth {
  const weights = new Map(state.servers.map((server) => [realServerKeyText(server), server.weight]));
  const { object } = declared;
  const common = (server: RealServer) => ({
    server,
    weight: weights.get(realServerKeyText(server)) ?? null,
    isDrained: isDrained(drains, server, { key: service, object }),
  });
  const real = declared.servers.map((server): ServerHealth => ({
    ...common(server),
    role: 'Real',
    isPassing: targets.isPassing(server, policy),
    checks: policy.checks
      .map((check) => targets.stateOf(server, check, policy))
      .filter((check): check is CheckState => check !== undefined),
  }));
  const sorry = (state.isSorry ? policy.sorryServers : []).map((server): ServerHealth => ({
    ...common(server),
    role: 'Sorry',
    isPassing: true,
    checks: [],
  }));
  const leaving = Array.from(state.leaving, ([key, { server, deadlineMilliseconds }]): ServerHealth => {
    const count = connections.countOf(service, key);
    return {
      ...common(server),
      role: 'Leaving',
      isPassing: true,
      checks: [],
      ...(count === undefined ? {} : { connections: count }),
      deadlineMilliseconds,
    };
  });
  const { hasQuorum, isSorry } = state;
  return { service, object, hasQuorum, isSorry, servers: [...real, ...sorry, ...leaving] };
}
