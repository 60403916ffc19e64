import type { CheckState, ManualDrain, VerdictCode } from '../../health/index.js';
import { realServerKeyText } from '../../model/index.js';
import type { HealthSnapshot, ServerHealth } from '../../reconcile/index.js';

/** How servers are, as `status` prints it. Times are ISO 8601. */
export interface HealthReport {
  /** What several services ask alike counts once. */
  readonly checks: number;
  readonly failingChecks: number;
  /** Services that sorry servers stand in for. */
  readonly sorryServices: number;
  /** Servers that a person took out. */
  readonly drains: readonly ManualDrain[];
  /** How many services are not as declared; the first of them follow. */
  readonly otherServices: number;
  readonly services: readonly ServiceHealthReport[];
}

export interface ServiceHealthReport {
  readonly service: string;
  readonly object: string;
  readonly hasQuorum: boolean;
  readonly sorryServersInUse: boolean;
  readonly servers: readonly ServerHealthReport[];
}

export interface ServerHealthReport {
  readonly server: string;
  readonly state: 'Passing' | 'Failing' | 'Drained' | 'Leaving' | 'Sorry';
  /** In the kernel; `null`: it is not there. */
  readonly weight: number | null;
  readonly declaredWeight: number;
  readonly checks: readonly CheckReport[];
  /** Of one that leaves. */
  readonly connections?: number;
  readonly deadline?: string;
}

export interface CheckReport {
  readonly isPassing: boolean;
  readonly since: string;
  /** Of the last probe; absent before the first. */
  readonly code?: VerdictCode;
  readonly latencyMilliseconds?: number;
  readonly message?: string;
}

type TimeOf = (milliseconds: number) => string;

export function reportHealth(health: HealthSnapshot, timeOf: TimeOf): HealthReport {
  const { checks, failingChecks, sorryServices, drains, otherCount, services } = health;
  return {
    checks,
    failingChecks,
    sorryServices,
    drains,
    otherServices: otherCount,
    services: services.map(({ service, object, hasQuorum, isSorry, servers }) => ({
      service,
      object,
      hasQuorum,
      sorryServersInUse: isSorry,
      servers: servers.map((server) => reportServer(server, timeOf)),
    })),
  };
}

function reportServer(health: ServerHealth, timeOf: TimeOf): ServerHealthReport {
  const { server, weight, checks, connections, deadlineMilliseconds } = health;
  return {
    server: realServerKeyText(server),
    state: stateOf(health),
    weight,
    declaredWeight: server.weight,
    checks: checks.map((check) => reportCheck(check, timeOf)),
    ...(connections === undefined ? {} : { connections }),
    ...(deadlineMilliseconds === undefined ? {} : { deadline: timeOf(deadlineMilliseconds) }),
  };
}

function stateOf({ role, isPassing, isDrained }: ServerHealth): ServerHealthReport['state'] {
  switch (role) {
    case 'Leaving':
    case 'Sorry':
      return role;
    case 'Real':
      return !isPassing ? 'Failing' : isDrained ? 'Drained' : 'Passing';
  }
}

function reportCheck({ isPassing, sinceMilliseconds, verdict }: CheckState, timeOf: TimeOf): CheckReport {
  const common = { isPassing, since: timeOf(sinceMilliseconds) };
  if (verdict === null) return common;
  const { code, latencyMilliseconds, message } = verdict;
  return { ...common, code, latencyMilliseconds: Math.round(latencyMilliseconds * 10) / 10, message };
}
