import type { ConnectionCounts, ObservedRealServer, ObservedService } from '../../model/index.js';
import { shortNumber } from './numbers.js';

/** The columns of `get` that hold numbers: they have fixed widths, because shortened numbers have. */
export const COMMON_HEADER = 'ACTIVE  INACT  CONN/S  IN/S   OUT/S  ';
export const WIDE_HEADER = `${COMMON_HEADER}PERSIST  PKT-IN/S  PKT-OUT/S  CONNS  PKT-IN  PKT-OUT  IN     OUT    `;

export type Counted = Pick<ObservedRealServer, 'connections' | 'statistics'>;

export function commonNumbers({ connections, statistics }: Counted): string {
  return (
    cell(connections.active, 6) +
    cell(connections.inactive, 5) +
    cell(statistics.connectionsPerSecond, 6) +
    cell(statistics.incomingBytesPerSecond, 5) +
    cell(statistics.outgoingBytesPerSecond, 5)
  );
}

export function wideNumbers(counted: Counted): string {
  const { connections, statistics } = counted;
  return (
    commonNumbers(counted) +
    cell(connections.persistent, 7) +
    cell(statistics.incomingPacketsPerSecond, 8) +
    cell(statistics.outgoingPacketsPerSecond, 9) +
    cell(statistics.connections, 5) +
    cell(statistics.incomingPackets, 6) +
    cell(statistics.outgoingPackets, 7) +
    cell(statistics.incomingBytes, 5) +
    cell(statistics.outgoingBytes, 5)
  );
}

const NO_CONNECTIONS = Object.freeze({ active: 0, inactive: 0, persistent: 0 });
export const IDLE: Counted = Object.freeze({
  connections: NO_CONNECTIONS,
  statistics: Object.freeze({
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
  }),
});

/** Whether all numbers of the common table are 0. */
export function isIdleNow({ connections, statistics }: Counted): boolean {
  return (
    connections.active === 0 &&
    connections.inactive === 0 &&
    statistics.connectionsPerSecond === 0 &&
    statistics.incomingBytesPerSecond === 0 &&
    statistics.outgoingBytesPerSecond === 0
  );
}

/** Whether all numbers of the wide table are 0: what never had a packet has no rates either. */
export function isIdleThroughout(counted: Counted): boolean {
  return (
    isIdleNow(counted) &&
    counted.connections.persistent === 0 &&
    counted.statistics.connections === 0 &&
    counted.statistics.incomingPackets === 0 &&
    counted.statistics.outgoingPackets === 0 &&
    counted.statistics.incomingPacketsPerSecond === 0 &&
    counted.statistics.outgoingPacketsPerSecond === 0
  );
}

const ZEROS = Array.from({ length: 10 }, (_, width) => '0'.padEnd(width + 2));

function cell(value: number, width: number): string {
  return value === 0 ? (ZEROS[width] ?? '') : shortNumber(value).padEnd(width + 2);
}

/** A service's connections are those of its servers. */
export function connectionsOf(service: ObservedService): ConnectionCounts {
  let [active, inactive, persistent] = [0, 0, 0];
  for (const { connections } of service.servers) {
    active += connections.active;
    inactive += connections.inactive;
    persistent += connections.persistent;
  }
  return { active, inactive, persistent };
}
