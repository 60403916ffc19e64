import type { KernelService, RealServer, ServiceKey, ServiceSettings } from '../../src/model/index.js';

/** Kernel services with as few words as a test needs. */
export function service(
  key: ServiceKey,
  settings: Partial<ServiceSettings> = {},
  servers: readonly RealServer[] = [],
): KernelService {
  const defaults = { scheduler: 'wlc', schedulerFlags: 0, onePacketScheduling: false, persistence: null };
  return { key, settings: { ...defaults, ...settings }, servers };
}

export function server(address: string, port: number, fields: Partial<RealServer> = {}): RealServer {
  return {
    address,
    port,
    forwarding: 'Masquerade',
    tunnel: null,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    ...fields,
  };
}

export function tcp(address: string, port: number): ServiceKey {
  return { protocol: 'TCP', address, port };
}

export function udp(address: string, port: number): ServiceKey {
  return { protocol: 'UDP', address, port };
}
