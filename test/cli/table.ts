import type { KernelService, RealServer, ServiceKey, ServiceSettings } from '../../src/model/index.js';
import { makeServer, PLAIN_SETTINGS } from '../samples.js';

/** Kernel services with as few words as a test needs. */
export function service(
  key: ServiceKey,
  settings: Partial<ServiceSettings> = {},
  servers: readonly RealServer[] = [],
): KernelService {
  return { key, settings: { ...PLAIN_SETTINGS, ...settings }, servers };
}

export function server(address: string, port: number, fields: Partial<RealServer> = {}): RealServer {
  return makeServer({ address, port, ...fields });
}

export function tcp(address: string, port: number): ServiceKey {
  return { protocol: 'TCP', address, port };
}

export function udp(address: string, port: number): ServiceKey {
  return { protocol: 'UDP', address, port };
}
