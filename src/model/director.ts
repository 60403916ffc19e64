/** What is true of a director as a whole: timeouts, sync daemons, sysctls. */

/** The kernel's timeouts of connections, in seconds. */
export interface Timeouts {
  readonly tcpSeconds: number;
  readonly tcpFinSeconds: number;
  readonly udpSeconds: number;
}

/** What a network namespace starts with. */
export const DEFAULT_TIMEOUTS: Timeouts = Object.freeze({ tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 });

export const SYNC_ROLES = ['Master', 'Backup'] as const;
export type SyncRole = (typeof SYNC_ROLES)[number];

/**
 * A connection-sync daemon. What is absent is left to the kernel, which fills in its own defaults: only what was asked
 * for is ever compared with what is read back.
 */
export interface SyncDaemon {
  readonly role: SyncRole;
  readonly interface: string;
  /** 0..255. */
  readonly syncId: number;
  /** Canonical text, IPv4 or IPv6. */
  readonly multicastGroup?: string;
  readonly port?: number;
  readonly ttl?: number;
  /** Bytes of a message's UDP payload. */
  readonly maximumMessageLength?: number;
}

/** Names below net.ipv4.vs and their text, without the closing line break. */
export type Sysctls = Readonly<Record<string, string>>;
