import type { ForwardingMethod, Tunnel } from './forwarding.js';

/** What tells the real servers of one kernel service apart. */
export interface RealServerKey {
  /** Canonical text. Its family may differ from the service's: then the method is Tunnel. */
  readonly address: string;
  /** 0..65535. Services by firewall mark, and persistent ones on port 0, have servers on port 0: the port is kept. */
  readonly port: number;
}

/** One real server of one kernel service: a *destination* in the kernel's interface. */
export interface RealServer extends RealServerKey {
  readonly forwarding: ForwardingMethod;
  /** Present exactly where the method is Tunnel. */
  readonly tunnel: Tunnel | null;
  /** 0..2147483647; 0 takes no new connections. */
  readonly weight: number;
  /** Connections at which new ones stop; 0 is no limit. */
  readonly upperThreshold: number;
  /** Connections below which they start again; 0 is the kernel's three quarters of the upper one. */
  readonly lowerThreshold: number;
}

/** `192.168.0.1:80`, `[fd00::1]:80`. */
export function realServerKeyText(key: RealServerKey): string {
  return key.address.includes(':') ? `[${key.address}]:${key.port}` : `${key.address}:${key.port}`;
}

/** Whether the kernel would see no difference between two states of one real server. */
export function sameRealServer(a: RealServer, b: RealServer): boolean {
  return (
    a.weight === b.weight &&
    a.forwarding === b.forwarding &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    sameTunnel(a.tunnel, b.tunnel)
  );
}

/** Whether they are the same servers, in the same order, with equal settings. */
export function sameRealServers(some: readonly RealServer[], others: readonly RealServer[]): boolean {
  if (some === others) return true;
  return (
    some.length === others.length &&
    some.every((server, i) => {
      const other = others[i];
      return (
        other !== undefined &&
        (server === other ||
          (server.address === other.address && server.port === other.port && sameRealServer(server, other)))
      );
    })
  );
}

function sameTunnel(a: Tunnel | null, b: Tunnel | null): boolean {
  if (a === null || b === null) return a === b;
  switch (a.type) {
    case 'IPIP':
      return b.type === 'IPIP';
    case 'GUE':
      return b.type === 'GUE' && a.port === b.port && a.checksum === b.checksum;
    case 'GRE':
      return b.type === 'GRE' && a.checksum === b.checksum;
  }
}
