import type { KernelErrorCode } from '../errors/index.js';
import { NO_STATISTICS, serviceKeyText } from '../model/index.js';
import type { Operation, ServiceKey, Timeouts } from '../model/index.js';
import { startDaemon, stopDaemon } from './daemons.js';
import { isNonsense } from './nonsense.js';
import { addServer, deleteServer, discardServers, editServer } from './servers.js';
import { addService, deleteService, editService } from './services.js';
import type { ServiceEntry, State } from './state.js';
import { writeSysctl } from './sysctls.js';
import type { Traits } from './traits.js';

/** Carries one operation out, or changes nothing and gives the error. */
export function carryOut(state: State, traits: Traits, operation: Operation): KernelErrorCode | undefined {
  if (isNonsense(operation)) return 'EINVAL';
  switch (operation.kind) {
    case 'AddService':
      return addService(state, traits, operation.key, operation.settings);
    case 'EditService':
      return editService(state, traits, operation.key, operation.settings);
    case 'DeleteService':
      return deleteService(state, traits, operation.key);
    case 'AddServer':
      return addServer(state, traits, operation.key, operation.server);
    case 'EditServer':
      return editServer(state, traits, operation.key, operation.server);
    case 'DeleteServer':
      return deleteServer(state, operation.key, operation.server);
    case 'ZeroStatistics':
      return zeroStatistics(state, operation.key);
    case 'Flush':
      for (const service of state.services.values()) discardServers(state, service);
      state.services.clear();
      return undefined;
    case 'SetTimeouts':
      return setTimeouts(state, operation.timeouts);
    case 'StartDaemon':
      return startDaemon(state, traits, operation.daemon);
    case 'StopDaemon':
      return stopDaemon(state, operation.role);
    case 'SetSysctl':
      return writeSysctl(state.sysctls, operation.name, operation.value);
  }
}

function zeroStatistics(state: State, key: ServiceKey | null): KernelErrorCode | undefined {
  if (key === null) {
    for (const service of state.services.values()) zeroService(service);
    return undefined;
  }
  const service = state.services.get(serviceKeyText(key));
  if (service === undefined) return 'ESRCH';
  zeroService(service);
  return undefined;
}

function zeroService(service: ServiceEntry): void {
  service.statistics = NO_STATISTICS;
  for (const entry of service.servers.values()) entry.statistics = NO_STATISTICS;
}

/** The kernel counts in ticks of a signed 32-bit number; 250 of them are a second where Debian builds it. */
const MAXIMUM_TIMEOUT_SECONDS = Math.floor(0x7fffffff / 250);

function setTimeouts(state: State, timeouts: Timeouts): KernelErrorCode | undefined {
  const asked = [timeouts.tcpSeconds, timeouts.tcpFinSeconds, timeouts.udpSeconds];
  if (asked.some((seconds) => seconds > MAXIMUM_TIMEOUT_SECONDS)) return 'EINVAL';
  const { tcpSeconds, tcpFinSeconds, udpSeconds } = state.timeouts;
  state.timeouts = {
    tcpSeconds: timeouts.tcpSeconds || tcpSeconds,
    tcpFinSeconds: timeouts.tcpFinSeconds || tcpFinSeconds,
    udpSeconds: timeouts.udpSeconds || udpSeconds,
  };
  return undefined;
}
