import { serviceKeyText } from '../../model/index.js';
import type { ServiceKey, WantedService } from '../../model/index.js';
import type { DeclaredVirtualService, Path } from '../declared.js';
import { expandServices } from './expand.js';
import { ServerMemory } from './server-memory.js';
import type { PendingIssue } from './pending.js';

/** All services that objects want, by key text, and those of suspended objects, which nobody touches. */
export interface ClaimedServices {
  readonly services: ReadonlyMap<string, WantedService>;
  readonly suspended: ReadonlyMap<string, string>;
  readonly issues: readonly PendingIssue[];
}

/** How many of the keys that two objects both claim a message names. */
const NAMED_KEYS = 3;

/** Gives every key to the first object that claims it; the others get an issue that names both. */
export function claimServices(documents: readonly DeclaredVirtualService[]): ClaimedServices {
  const services = new Map<string, WantedService>();
  const suspended = new Map<string, string>();
  const clashes: { loser: DeclaredVirtualService; winner: string; keys: ServiceKey[] }[] = [];
  const memory = new ServerMemory();
  for (const document of documents) {
    let own: Map<string, ServiceKey[]> | undefined;
    for (const service of expandServices(document, [], memory)) {
      const text = serviceKeyText(service.key);
      const winner = services.get(text)?.object ?? (suspended.size > 0 ? suspended.get(text) : undefined);
      if (winner !== undefined) {
        own ??= new Map();
        own.set(winner, [...(own.get(winner) ?? []), service.key]);
      } else if (document.value.spec.suspend === true) suspended.set(text, document.object);
      else services.set(text, service);
    }
    for (const [winner, keys] of own ?? []) clashes.push({ loser: document, winner, keys });
  }
  if (clashes.length === 0) return { services, suspended, issues: [] };
  const byName = new Map(documents.map((document) => [document.object, document]));
  const issues = clashes.flatMap(({ loser, winner, keys }): readonly PendingIssue[] => {
    const other = byName.get(winner);
    return other === undefined ? [] : [describeClash(loser, other, keys)];
  });
  return { services, suspended, issues };
}

/** Tells the object that does not get these keys (one at least) who has them. */
export function describeClash(
  loser: DeclaredVirtualService,
  winner: DeclaredVirtualService,
  keys: readonly ServiceKey[],
): PendingIssue {
  const more = keys.length > NAMED_KEYS ? ` and ${keys.length - NAMED_KEYS} more` : '';
  const named = `${keys.slice(0, NAMED_KEYS).map(serviceKeyText).join(', ')}${more}`;
  return {
    document: loser,
    fault: {
      path: pathOfKey(loser, keys[0]),
      reason: 'Conflict',
      message: `${named} of ${loser.object} ${keys.length === 1 ? 'is' : 'are'} claimed by ${winner.object} already`,
    },
    other: { document: winner, path: pathOfKey(winner, keys[0]) },
  };
}

/** Where an object says that it wants this key. */
function pathOfKey({ value: { spec } }: DeclaredVirtualService, key: ServiceKey | undefined): Path {
  if (key === undefined) return ['spec'];
  if (key.firewallMark !== undefined) return ['spec', 'firewallMark', 'value'];
  return ['spec', 'addresses', spec.addresses?.indexOf(key.address) ?? 0];
}
