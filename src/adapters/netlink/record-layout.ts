/**
 * Sizes and offsets of the records that the addon takes and gives, in bytes. native/convert.h is the other side of every
 * line here, and describes the fields.
 */

export const KEY = { size: 24, family: 0, protocol: 1, port: 2, mark: 4, address: 8 } as const;

export const SETTINGS = { scheduler: 0, engine: 16, flags: 32, timeout: 36, netmask: 40 } as const;

export const SERVER = {
  size: 40,
  family: 0,
  forwarding: 1,
  port: 2,
  address: 4,
  weight: 20,
  upper: 24,
  lower: 28,
  tunnelType: 32,
  tunnelPort: 34,
  tunnelFlags: 36,
  /** These follow where counters were asked for. */
  active: 40,
  inactive: 44,
  persistent: 48,
  statistics: 52,
} as const;

export const DAEMON = {
  size: 40,
  role: 0,
  groupFamily: 1,
  ttl: 2,
  syncId: 3,
  port: 4,
  maximumLength: 6,
  interface: 8,
  group: 24,
} as const;

export const TIMEOUTS = { tcp: 0, tcpFin: 4, udp: 8 } as const;

export const INFO = { version: 0, connectionTableSize: 4 } as const;

export const OPERATION = { size: 72, command: 0, key: 4, subject: 28 } as const;

export const SERVICE = { size: 72, key: 0, settings: 24, serverCount: 68, statistics: 72 } as const;

/** Ten counters, each as two words, the lower one first. */
export const STATISTICS_SIZE = 80;

/** A server count that says: there is no such service. */
export const MISSING = 0xffffffff;

/** Names end with NUL in a field of so many bytes. */
export const NAME_SIZE = 16;
