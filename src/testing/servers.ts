import type { KernelErrorCode } from '../errors/index.js';
import {
  addressFamily,
  IPIP,
  NO_CONNECTIONS,
  NO_STATISTICS,
  realServerKeyText,
  serviceFamily,
  serviceKeyText,
} from '../model/index.js';
import type { RealServer, RealServerKey, ServiceKey } from '../model/index.js';
import { takesServerAddress } from './address-kinds.js';
import type { ServerEntry, ServiceEntry, State } from './state.js';
import type { Traits } from './traits.js';

/** NEW_DEST. A server that was deleted not long ago comes back with its connections. */
export function addServer(
  state: State,
  traits: Traits,
  key: ServiceKey,
  server: RealServer,
): KernelErrorCode | undefined {
  const service = state.services.get(serviceKeyText(key));
  if (service === undefined) return 'ESRCH';
  const fault = faultOfFamilies(state, traits, key, server) ?? faultOfSettings(server);
  if (fault !== undefined) return fault;
  const text = realServerKeyText(server);
  if (service.servers.has(text)) return 'EEXIST';
  const trashed = state.trash.get(trashKey(service, text));
  if (trashed === undefined && !takesServerAddress(traits, server.address)) return 'EINVAL';
  state.trash.delete(trashKey(service, text));
  service.servers.set(text, {
    server: serverAsKept(traits, server),
    connections: trashed?.connections ?? NO_CONNECTIONS,
    statistics: trashed?.service === service ? trashed.statistics : NO_STATISTICS,
  });
  return undefined;
}

/** SET_DEST: replaces everything, a tunnel that is not named too. */
export function editServer(
  state: State,
  traits: Traits,
  key: ServiceKey,
  server: RealServer,
): KernelErrorCode | undefined {
  const service = state.services.get(serviceKeyText(key));
  if (service === undefined) return 'ESRCH';
  const fault = faultOfFamilies(state, traits, key, server) ?? faultOfSettings(server);
  if (fault !== undefined) return fault;
  const entry = service.servers.get(realServerKeyText(server));
  if (entry === undefined) return 'ENOENT';
  entry.server = serverAsKept(traits, server);
  return undefined;
}

export function deleteServer(state: State, key: ServiceKey, server: RealServerKey): KernelErrorCode | undefined {
  const service = state.services.get(serviceKeyText(key));
  if (service === undefined) return 'ESRCH';
  const text = realServerKeyText(server);
  const entry = service.servers.get(text);
  if (entry === undefined) return 'ENOENT';
  discardServer(state, service, text, entry);
  return undefined;
}

/** What the deletion of a service does to its servers. */
export function discardServers(state: State, service: ServiceEntry): void {
  for (const [text, entry] of service.servers) discardServer(state, service, text, entry);
}

/** Whether some server has another family than its service: then no sync daemon can be started. */
export function hasMixedFamilies(state: State): boolean {
  for (const service of state.services.values()) {
    const family = serviceFamily(service.key);
    for (const { server } of service.servers.values()) if (addressFamily(server.address) !== family) return true;
  }
  return false;
}

function discardServer(state: State, service: ServiceEntry, text: string, entry: ServerEntry): void {
  service.servers.delete(text);
  state.trash.set(trashKey(service, text), { ...entry, service });
}

function trashKey(service: ServiceEntry, serverText: string): string {
  return `${serviceKeyText(service.key)} ${serverText}`;
}

function faultOfFamilies(
  state: State,
  traits: Traits,
  key: ServiceKey,
  server: RealServer,
): KernelErrorCode | undefined {
  const family = addressFamily(server.address);
  if (family === 'IPv6' && !traits.ipv6) return 'EAFNOSUPPORT';
  const mixed = family !== serviceFamily(key);
  return mixed && (state.daemons.size > 0 || server.forwarding !== 'Tunnel') ? 'EINVAL' : undefined;
}

function faultOfSettings(server: RealServer): KernelErrorCode | undefined {
  if (server.weight < 0 || server.lowerThreshold > server.upperThreshold) return 'ERANGE';
  return server.tunnel?.type === 'GUE' && server.tunnel.port === 0 ? 'EINVAL' : undefined;
}

function serverAsKept(traits: Traits, server: RealServer): RealServer {
  const { address, port, forwarding, weight, upperThreshold, lowerThreshold } = server;
  const asked = server.tunnel ?? IPIP;
  const tunnel = forwarding === 'Tunnel' ? (traits.tunnelTypes.has(asked.type) ? asked : IPIP) : null;
  return { address, port, forwarding, tunnel, weight, upperThreshold, lowerThreshold };
}
