import { realServerKeyText, serviceKeyText } from '../../src/model/index.js';
import type { KernelService, Operation, RealServer } from '../../src/model/index.js';

export type Table = ReadonlyMap<string, KernelService>;

/** The table after one operation. Throws where the kernel would refuse it. Only the operations on the table. */
export function applyToTable(table: Table, operation: Operation): Table {
  const next = new Map(table);
  const expectService = (key: string): KernelService => {
    const service = table.get(key);
    if (service === undefined) throw new Error(`ESRCH: ${operation.kind} ${key}`);
    return service;
  };
  switch (operation.kind) {
    case 'AddService': {
      const key = serviceKeyText(operation.key);
      if (table.has(key)) throw new Error(`EEXIST: ${key}`);
      return next.set(key, { key: operation.key, settings: operation.settings, servers: [] });
    }
    case 'EditService': {
      const key = serviceKeyText(operation.key);
      return next.set(key, { ...expectService(key), settings: operation.settings });
    }
    case 'DeleteService': {
      const key = serviceKeyText(operation.key);
      expectService(key);
      next.delete(key);
      return next;
    }
    case 'AddServer':
    case 'EditServer':
    case 'DeleteServer': {
      const key = serviceKeyText(operation.key);
      const service = expectService(key);
      return next.set(key, { ...service, servers: applyToServers(service.servers, operation) });
    }
    default:
      return table;
  }
}

type ServerOperation = Extract<Operation, { kind: 'AddServer' | 'EditServer' | 'DeleteServer' }>;

function applyToServers(servers: readonly RealServer[], operation: ServerOperation): readonly RealServer[] {
  const text = realServerKeyText(operation.server);
  const others = servers.filter((server) => realServerKeyText(server) !== text);
  const isThere = others.length < servers.length;
  if (isThere === (operation.kind === 'AddServer')) throw new Error(`${operation.kind} ${text}: there: ${isThere}`);
  if (operation.kind === 'DeleteServer') return others;
  return operation.kind === 'AddServer'
    ? [operation.server, ...servers]
    : servers.map((server) => (realServerKeyText(server) === text ? operation.server : server));
}

/** The same for tables that differ in order alone. */
export function canonicalTable(table: Table): unknown {
  return [...table]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { settings, servers }]) => ({
      key,
      settings,
      servers: servers
        .map((server) => ({ ...server, text: realServerKeyText(server) }))
        .sort((a, b) => (a.text < b.text ? -1 : 1)),
    }));
}
