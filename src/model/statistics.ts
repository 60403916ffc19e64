import type { RealServer } from './real-server.js';
import type { KernelService } from './service.js';

/**
 * The kernel's 64-bit counters since the entry was made or zeroed, and its estimates of rates. It refreshes both every
 * 2 seconds, so a counter lags behind its packets. Counters are numbers: exact up to 2^53.
 */
export interface Statistics {
  readonly connections: number;
  readonly incomingPackets: number;
  readonly outgoingPackets: number;
  readonly incomingBytes: number;
  readonly outgoingBytes: number;
  readonly connectionsPerSecond: number;
  readonly incomingPacketsPerSecond: number;
  readonly outgoingPacketsPerSecond: number;
  readonly incomingBytesPerSecond: number;
  readonly outgoingBytesPerSecond: number;
}

/** A real server's connections now: established, all others, and persistence templates. */
export interface ConnectionCounts {
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
}

/** What an entry has that nothing was ever sent to. There are many of them, so they share these two. */
export const NO_STATISTICS: Statistics = Object.freeze({
  connections: 0,
  incomingPackets: 0,
  outgoingPackets: 0,
  incomingBytes: 0,
  outgoingBytes: 0,
  connectionsPerSecond: 0,
  incomingPacketsPerSecond: 0,
  outgoingPacketsPerSecond: 0,
  incomingBytesPerSecond: 0,
  outgoingBytesPerSecond: 0,
});
export const NO_CONNECTIONS: ConnectionCounts = Object.freeze({ active: 0, inactive: 0, persistent: 0 });

/** A real server as read with counters. */
export interface ObservedRealServer extends RealServer {
  readonly connections: ConnectionCounts;
  readonly statistics: Statistics;
}

/** A kernel service as read with counters. */
export interface ObservedService extends KernelService {
  readonly statistics: Statistics;
  readonly servers: readonly ObservedRealServer[];
}
