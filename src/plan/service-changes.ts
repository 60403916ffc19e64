import { sameRealServer, sameServiceSettings } from '../model/index.js';
import type { KernelService, RealServer, WantedService } from '../model/index.js';
import type { OrderedChanges } from './ordered-changes.js';
import { ServerLookup } from './server-lookup.js';

export function addService(wanted: WantedService, changes: OrderedChanges): void {
  const { key, settings, object } = wanted;
  changes.beginService();
  changes.pushService({ operation: { kind: 'AddService', key, settings }, object });
  for (const server of wanted.servers) changes.pushServer({ operation: { kind: 'AddServer', key, server }, object });
}

/** Edits in place what differs: the settings, and each real server by its address and port. */
export function changeService(existing: KernelService, wanted: WantedService, changes: OrderedChanges): void {
  const { key, settings, object } = wanted;
  changes.beginService();
  if (!sameServiceSettings(existing.settings, settings)) {
    const before = { settings: existing.settings };
    changes.pushService({ operation: { kind: 'EditService', key, settings }, before, object });
  }
  const there = new ServerLookup(existing.servers);
  let found = 0;
  for (const server of wanted.servers) {
    const before = there.find(server);
    if (before === undefined) {
      changes.pushServer({ operation: { kind: 'AddServer', key, server }, object });
      continue;
    }
    found++;
    if (!sameRealServer(before, server)) changeServer(before, server, wanted, changes);
  }
  if (found < existing.servers.length) removeServers(existing.servers, wanted, changes);
}

function changeServer(before: RealServer, server: RealServer, wanted: WantedService, changes: OrderedChanges): void {
  const change = {
    operation: { kind: 'EditServer', key: wanted.key, server },
    before: { server: before },
    object: wanted.object,
  } as const;
  if (server.weight === 0) changes.serverReductions.push(change);
  else changes.pushServer(change);
}

function removeServers(existing: readonly RealServer[], wanted: WantedService, changes: OrderedChanges): void {
  const stay = new ServerLookup(wanted.servers);
  for (const before of existing) {
    if (stay.find(before) !== undefined) continue;
    const server = { address: before.address, port: before.port };
    changes.serverReductions.push({
      operation: { kind: 'DeleteServer', key: wanted.key, server },
      before: { server: before },
      object: wanted.object,
    });
  }
}
