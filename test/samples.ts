import type { RealServer, ServiceSettings } from '../src/model/index.js';

/** What tests begin with; what is not said is ordinary. */
export const PLAIN_SETTINGS: ServiceSettings = {
  scheduler: 'wlc',
  schedulerFlags: 0,
  onePacketScheduling: false,
  persistence: null,
};

export function makeServer(fields: Partial<RealServer> = {}): RealServer {
  return {
    address: '192.168.0.1',
    port: 8080,
    forwarding: 'Masquerade',
    tunnel: null,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    ...fields,
  };
}
