import { NO_CONNECTIONS, NO_STATISTICS } from '../../model/index.js';
import type { ConnectionCounts, ObservedRealServer } from '../../model/index.js';
import { shortNumber } from './numbers.js';

/** What the numbers of a line are read from: a real server, or a service with the sums of its servers. */
export type Counted = Pick<ObservedRealServer, 'connections' | 'statistics'>;

/** A column of the table of `get` that holds numbers. Shortened numbers have at most five characters. */
interface NumberColumn {
  readonly title: string;
  readonly valueOf: (counted: Counted) => number;
}

const COMMON_COLUMNS: readonly NumberColumn[] = [
  { title: 'ACTIVE', valueOf: ({ connections }) => connections.active },
  { title: 'INACT', valueOf: ({ connections }) => connections.inactive },
  { title: 'CONN/S', valueOf: ({ statistics }) => statistics.connectionsPerSecond },
  { title: 'IN/S', valueOf: ({ statistics }) => statistics.incomingBytesPerSecond },
  { title: 'OUT/S', valueOf: ({ statistics }) => statistics.outgoingBytesPerSecond },
];

const WIDE_COLUMNS: readonly NumberColumn[] = [
  ...COMMON_COLUMNS,
  { title: 'PERSIST', valueOf: ({ connections }) => connections.persistent },
  { title: 'PKT-IN/S', valueOf: ({ statistics }) => statistics.incomingPacketsPerSecond },
  { title: 'PKT-OUT/S', valueOf: ({ statistics }) => statistics.outgoingPacketsPerSecond },
  { title: 'CONNS', valueOf: ({ statistics }) => statistics.connections },
  { title: 'PKT-IN', valueOf: ({ statistics }) => statistics.incomingPackets },
  { title: 'PKT-OUT', valueOf: ({ statistics }) => statistics.outgoingPackets },
  { title: 'IN', valueOf: ({ statistics }) => statistics.incomingBytes },
  { title: 'OUT', valueOf: ({ statistics }) => statistics.outgoingBytes },
];

/** The number columns of one table. All their texts have the same length. */
export interface NumberColumns {
  readonly header: string;
  /** What a line has where all numbers are 0. */
  readonly zeros: string;
  readonly areZero: (counted: Counted) => boolean;
  readonly text: (counted: Counted) => string;
}

export function numberColumns(wide: boolean): NumberColumns {
  const columns = wide ? WIDE_COLUMNS : COMMON_COLUMNS;
  const widths = columns.map(({ title }) => Math.max(title.length, 5) + 2);
  const line = (textOf: (column: NumberColumn) => string): string =>
    columns.map((column, i) => textOf(column).padEnd(widths[i] ?? 0)).join('');
  return {
    header: line(({ title }) => title),
    zeros: line(() => '0'),
    areZero: (counted) => {
      if (counted.statistics === NO_STATISTICS && counted.connections === NO_CONNECTIONS) return true;
      for (const { valueOf } of columns) if (valueOf(counted) !== 0) return false;
      return true;
    },
    text: (counted) => line(({ valueOf }) => shortNumber(valueOf(counted))),
  };
}

/** A service's connections are those of its servers. */
export function connectionsOf(servers: readonly ObservedRealServer[]): ConnectionCounts {
  let [active, inactive, persistent] = [0, 0, 0];
  for (const { connections } of servers) {
    active += connections.active;
    inactive += connections.inactive;
    persistent += connections.persistent;
  }
  return { active, inactive, persistent };
}
