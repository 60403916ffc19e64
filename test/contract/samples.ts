import { FULL_NETMASK } from '../../src/model/index.js';
import { makeServer as makeOrdinaryServer, PLAIN_SETTINGS } from '../samples.js';
import type {
  AddressServiceKey,
  FirewallMarkServiceKey,
  Operation,
  Persistence,
  RealServer,
  ServiceKey,
  ServiceSettings,
} from '../../src/model/index.js';

export const WEB: AddressServiceKey = { protocol: 'TCP', address: '10.0.0.1', port: 80 };
export const WEB_IPV6: AddressServiceKey = { protocol: 'TCP', address: '2001:db8::1', port: 80 };
export const DNS: AddressServiceKey = { protocol: 'UDP', address: '10.0.0.1', port: 53 };
export const MARK: FirewallMarkServiceKey = { firewallMark: 7, family: 'IPv4' };
export const MARK_IPV6: FirewallMarkServiceKey = { firewallMark: 7, family: 'IPv6' };

export { PLAIN_SETTINGS as WLC } from '../samples.js';

export const PERSISTENT: Persistence = { timeoutSeconds: 300, netmask: FULL_NETMASK.IPv4, engine: '' };
export const PERSISTENT_IPV6: Persistence = { ...PERSISTENT, netmask: FULL_NETMASK.IPv6 };

export const MISSING = 'nosuch';

export function makeServer(fields: Partial<RealServer> = {}): RealServer {
  return makeOrdinaryServer({ port: 80, ...fields });
}

export function addService(key: ServiceKey = WEB, settings: Partial<ServiceSettings> = {}): Operation {
  return { kind: 'AddService', key, settings: { ...PLAIN_SETTINGS, ...settings } };
}

export function editService(key: ServiceKey, settings: Partial<ServiceSettings> = {}): Operation {
  return { kind: 'EditService', key, settings: { ...PLAIN_SETTINGS, ...settings } };
}

export function addServer(key: ServiceKey = WEB, server: Partial<RealServer> = {}): Operation {
  return { kind: 'AddServer', key, server: makeServer(server) };
}

export function editServer(key: ServiceKey = WEB, server: Partial<RealServer> = {}): Operation {
  return { kind: 'EditServer', key, server: makeServer(server) };
}

export function deleteServer(key: ServiceKey = WEB, server: Partial<RealServer> = {}): Operation {
  const { address, port } = makeServer(server);
  return { kind: 'DeleteServer', key, server: { address, port } };
}
