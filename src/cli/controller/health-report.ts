import { NOTHING_ADVISED } from '../../health/index.js';
import type { Advised, ManualDrain, VerdictCode } from '../../health/index.js';
import { realServerKeyText } from '../../model/index.js';
import type { CheckHealth, HealthSnapshot, ServerHealth, ServiceHealth } from '../../reconcile/index.js';

/** How servers are, as `status` prints it. Times are ISO 8601. */
export interface HealthReport {
  /** What several services ask alike counts once. */
  readonly checks: number;
  readonly failingChecks: number;
  /** Of the services that something besides their declaration decides about, by what they do now. */
  readonly servers: HealthSnapshot['servers'];
  readonly servicesWithoutQuorum: number;
  /** Services that are declared no more, and keep their connections for a while. */
  readonly departingServices: number;
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
  /** Servers that pass, have a weight and are not taken out, of those that are declared. */
  readonly healthy: number;
  readonly total: number;
  readonly hasQuorum: boolean;
  readonly sorryServersInUse: boolean;
  /** Whether it is declared no more, and goes when its connections have ended. */
  readonly isLeaving: boolean;
  /** Whether the kernel sends clients back to servers with weight 0, since they are persistent. */
  readonly keepsClients: boolean;
  readonly servers: readonly ServerHealthReport[];
}

export interface ServerHealthReport {
  readonly server: string;
  readonly state: 'Passing' | 'Failing' | 'Drained' | 'Leaving' | 'Sorry';
  /** In the kernel; `null`: it is not there. */
  readonly weight: number | null;
  readonly declaredWeight: number;
  /** Since when it passes, fails or leaves, where that is known. */
  readonly since?: string;
  readonly checks: readonly CheckReport[];
  /** Of one that leaves. */
  readonly connections?: number;
  readonly deadline?: string;
}

export interface CheckReport {
  readonly type: CheckHealth['type'];
  readonly isPassing: boolean;
  readonly since: string;
  /** Of the last probe; absent before the first. */
  readonly code?: VerdictCode;
  readonly latencyMilliseconds?: number;
  readonly message?: string;
  /** What the check was told of the server's weight and state; absent where nothing is said. */
  readonly advised?: Advised;
}

/** The time of the day, from the controller's. */
export type TimeOf = (milliseconds: number) => string;

export function reportHealth(health: HealthSnapshot, timeOf: TimeOf): HealthReport {
  const { otherCount, services, ...numbers } = health;
  return {
    ...numbers,
    otherServices: otherCount,
    services: services.map((service) => reportService(service, timeOf)),
  };
}

export function reportService({ isSorry, servers, ...service }: ServiceHealth, timeOf: TimeOf): ServiceHealthReport {
  return {
    ...service,
    sorryServersInUse: isSorry,
    servers: servers.map((server) => reportServer(server, timeOf)),
  };
}

function reportServer(health: ServerHealth, timeOf: TimeOf): ServerHealthReport {
  const { server, weight, checks, sinceMilliseconds, connections, deadlineMilliseconds } = health;
  return {
    server: realServerKeyText(server),
    state: stateOf(health),
    weight,
    declaredWeight: server.weight,
    ...(sinceMilliseconds === null ? {} : { since: timeOf(sinceMilliseconds) }),
    checks: checks.map((check) => reportCheck(check, timeOf)),
    ...(connections === undefined ? {} : { connections }),
    ...(deadlineMilliseconds === undefined ? {} : { deadline: timeOf(deadlineMilliseconds) }),
  };
}

function stateOf({ role, isPassing, isDrained }: ServerHealth): ServerHealthReport['state'] {
  switch (role) {
    case 'Leaving':
      return role;
    case 'Sorry':
      return isDrained ? 'Drained' : 'Sorry';
    case 'Real':
      return !isPassing ? 'Failing' : isDrained ? 'Drained' : 'Passing';
  }
}

function reportCheck(
  { type, isPassing, sinceMilliseconds, verdict, advised }: CheckHealth,
  timeOf: TimeOf,
): CheckReport {
  const common = {
    ...{ type, isPassing, since: timeOf(sinceMilliseconds) },
    ...(advised === NOTHING_ADVISED ? {} : { advised }),
  };
  if (verdict === null) return common;
  const { code, latencyMilliseconds, message } = verdict;
  return { ...common, code, latencyMilliseconds: Math.round(latencyMilliseconds * 10) / 10, message };
}
