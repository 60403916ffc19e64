import { schedulerFlagNames, serviceFamily, serviceKeyText } from '../../model/index.js';
import type { ObservedService } from '../../model/index.js';
import { inServerOrder } from './order.js';

/**
 * One service as `get -o json` and `-o yaml` show it. The names are those of the model, and a promise to scripts:
 * fields are added, never renamed.
 */
export function serviceView(service: ObservedService, owner: string | undefined): Readonly<Record<string, unknown>> {
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
    realServers: inServerOrder(service.servers),
  };
}
