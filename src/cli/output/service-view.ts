import { realServerKeyText, schedulerFlagNames, serviceFamily, serviceKeyText } from '../../model/index.js';
import type { ObservedService } from '../../model/index.js';
import type { ServerHealthReport, ServiceHealthReport } from '../controller/health-report.js';
import { inServerOrder } from './order.js';

/**
 * One service as `get -o json` and `-o yaml` show it. The names are those of the model, and a promise to scripts:
 * fields are added, never renamed.
 */
export function serviceView(
  service: ObservedService,
  owner: string | undefined,
  health?: ServiceHealthReport,
): Readonly<Record<string, unknown>> {
  const { key, settings, statistics } = service;
  return {
    key: serviceKeyText(key),
    ...(key.firewallMark === undefined
      ? { protocol: key.protocol, address: key.address, port: key.port }
      : { firewallMark: key.firewallMark }),
    addressFamily: serviceFamily(key),
    object: owner ?? null,
    scheduler: settings.scheduler,
    schedulerFlags: schedulerFlagNames(settings.scheduler, settings.schedulerFlags),
    onePacketScheduling: settings.onePacketScheduling,
    persistence: settings.persistence,
    ...(settings.strayEngine === undefined ? {} : { strayEngine: settings.strayEngine }),
    statistics,
    ...(health === undefined ? { realServers: inServerOrder(service.servers) } : healthView(service, health)),
  };
}

/** What a running controller knows of the service, of each of its servers, and of those that the kernel does not have. */
function healthView({ servers }: ObservedService, report: ServiceHealthReport) {
  const { healthy, total, hasQuorum, sorryServersInUse, isLeaving, keepsClients } = report;
  const byServer = new Map(report.servers.map((server) => [server.server, server]));
  return {
    health: { healthy, total, hasQuorum, sorryServersInUse, isLeaving, keepsClients },
    realServers: inServerOrder(servers).map((server) => {
      const known = byServer.get(realServerKeyText(server));
      return known === undefined ? server : { ...server, health: serverHealthView(known) };
    }),
    absentServers: report.servers
      .filter(({ weight }) => weight === null)
      .map((known) => ({ server: known.server, health: serverHealthView(known) })),
  };
}

/** Without the address and the weight, which stand beside it. */
function serverHealthView(report: ServerHealthReport): Omit<ServerHealthReport, 'server' | 'weight'> {
  const { state, declaredWeight, since, checks, connections, deadline } = report;
  return {
    state,
    declaredWeight,
    ...(since === undefined ? {} : { since }),
    checks,
    ...(connections === undefined ? {} : { connections }),
    ...(deadline === undefined ? {} : { deadline }),
  };
}
