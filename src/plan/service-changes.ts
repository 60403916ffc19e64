import { sameRealServer, sameServiceSettings } from '../model/index.js';
import type { KernelService, RealServer, WantedService } from '../model/index.js';
import type { OrderedChanges } from './ordered-changes.js';
import { sameServerKey, ServerLookup } from './server-lookup.js';

export function addService(wanted: WantedService, changes: OrderedChanges): void {
  const { key, settings, object } = wanted;
  changes.beginService();
  changes.pushService({ operation: { kind: 'AddService', key, settings }, object });
  for (const server of wanted.servers) changes.pushServer({ operation: { kind: 'AddServer', key, server }, object });
}

/** Edits in place what differs: the settings, and each real server by its address and port. */
export function changeService(
  existing: KernelService,
  wanted: WantedService,
  changes: OrderedChanges,
  comparison: ServerComparison,
): void {
  const { key, settings, object } = wanted;
  changes.beginService();
  if (!sameServiceSettings(existing.settings, settings)) {
    const before = { settings: existing.settings };
    changes.pushService({ operation: { kind: 'EditService', key, settings }, before, object });
  }
  if (comparison.areSame(existing.servers, wanted.servers)) return;
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

/** Compares lists of servers for one plan: many services share both, and those are compared once. */
export class ServerComparison {
  /** By wanted servers, the ones that they were the same as when they were compared last. */
  readonly #same = new Map<readonly RealServer[], readonly RealServer[]>();

  areSame(existing: readonly RealServer[], wanted: readonly RealServer[]): boolean {
    if (this.#same.get(wanted) === existing) return true;
    const areSame = areInOrder(existing, wanted);
    if (areSame) this.#same.set(wanted, existing);
    return areSame;
  }
}

/**
 * Whether the servers are the same in the same order or in the reverse of it. The kernel lists the newest first: this is
 * how nearly all services are that need nothing, and then nothing has to be searched for.
 */
function areInOrder(existing: readonly RealServer[], wanted: readonly RealServer[]): boolean {
  const count = wanted.length;
  if (existing.length !== count) return false;
  const [first] = wanted;
  const last = existing[count - 1];
  const isReverse = first !== undefined && last !== undefined && sameServerKey(first, last);
  for (let i = 0; i < count; i++) {
    const server = wanted[i];
    const before = existing[isReverse ? count - 1 - i : i];
    if (server === undefined || before === undefined) return false;
    if (!sameServerKey(before, server) || !sameRealServer(before, server)) return false;
  }
  return true;
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
