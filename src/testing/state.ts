import type {
  ConnectionCounts,
  KernelService,
  ObservedService,
  RealServer,
  ServiceKey,
  ServiceSettings,
  Statistics,
  SyncDaemon,
  SyncRole,
  Timeouts,
} from '../model/index.js';

/** What one network namespace's IPVS holds. */
export interface State {
  /** By `serviceKeyText`. */
  readonly services: Map<string, ServiceEntry>;
  /** Servers that were deleted, by `trashKey`: added again, they go on with their connections. */
  readonly trash: Map<string, TrashedServer>;
  readonly daemons: Map<SyncRole, SyncDaemon>;
  readonly sysctls: Map<string, string>;
  timeouts: Timeouts;
}

export interface ServiceEntry {
  readonly key: ServiceKey;
  settings: ServiceSettings;
  /** By `realServerKeyText`. */
  readonly servers: Map<string, ServerEntry>;
  statistics: Statistics;
}

export interface ServerEntry {
  server: RealServer;
  connections: ConnectionCounts;
  statistics: Statistics;
}

interface TrashedServer extends ServerEntry {
  readonly service: ServiceEntry;
}

export const NO_CONNECTIONS: ConnectionCounts = Object.freeze({ active: 0, inactive: 0, persistent: 0 });

export const ZERO_STATISTICS: Statistics = Object.freeze({
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

export function viewService(entry: ServiceEntry): KernelService {
  return { key: entry.key, settings: entry.settings, servers: Array.from(entry.servers.values(), (e) => e.server) };
}

export function viewObservedService(entry: ServiceEntry): ObservedService {
  return {
    key: entry.key,
    settings: entry.settings,
    statistics: entry.statistics,
    servers: Array.from(entry.servers.values(), ({ server, connections, statistics }) => ({
      ...server,
      connections,
      statistics,
    })),
  };
}
