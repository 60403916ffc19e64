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
