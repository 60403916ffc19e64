import { prefixContains } from '../../model/index.js';
import type { AddressPrefix } from '../../model/index.js';
import type { DeclaredDirector, DeclaredVirtualService, Path } from '../declared.js';
import type { Fault } from '../faults.js';
import { parsePrefixes } from './director.js';
import type { PendingIssue } from './pending.js';

/** Loopback, link-local, unspecified, multicast, and IPv4 in the guise of IPv6, in canonical text. */
const NO_SERVER = /^(?:0|127|22[4-9]|23[0-9])\.|^169\.254\.|^::1?$|^::ffff:[0-9.]+$|^fe[89ab][0-9a-f]:|^ff[0-9a-f]{2}:/;

export const NO_SERVER_RULE =
  'servers are never loopback, link-local, unspecified or multicast addresses unless allowedServerCIDRs say so';

/** Whether no server of a cluster is there, as long as nobody says otherwise. */
export function isNoServer(address: string): boolean {
  return NO_SERVER.test(address);
}

/**
 * What an object of a cluster may not have as a server, and may not ask with a check, where no Director says what it
 * may: what is there belongs to the nodes. Files speak for their own host.
 */
export function findLocalServers(
  document: DeclaredVirtualService,
  director: DeclaredDirector | undefined,
): readonly PendingIssue[] {
  if (document.source !== undefined || parsePrefixes(director?.value.spec.allowedServerCIDRs).length > 0) return [];
  const issues: PendingIssue[] = [];
  for (const { path, address } of namedAddresses(document)) {
    if (!isNoServer(address)) continue;
    const message = `${address} is the address of no server here: ${NO_SERVER_RULE}`;
    issues.push({ document, fault: { path, reason: 'NotAllowed', message } });
  }
  return issues;
}

/** Servers, and what checks ask, outside of what a Director allows. What a check learns is shown to who declared it. */
export function findForeignServers(
  document: DeclaredVirtualService,
  allowed: readonly AddressPrefix[],
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { path, address, isVirtual } of namedAddresses(document)) {
    // Packets to it reach one of the servers that are named besides.
    if (isVirtual === true || allowed.some((prefix) => prefixContains(prefix, address))) continue;
    faults.push({ path, reason: 'NotAllowed', message: `${address} is in none of the allowedServerCIDRs` });
  }
  return faults;
}

interface NamedAddress {
  readonly path: Path;
  readonly address: string;
  readonly isVirtual?: boolean;
}

function* namedAddresses({ value: { spec } }: DeclaredVirtualService): Generator<NamedAddress> {
  for (const list of ['realServers', 'sorryServers'] as const) {
    for (const [i, { address }] of (spec[list] ?? []).entries()) yield { path: ['spec', list, i, 'address'], address };
  }
  for (const [i, { address, target }] of (spec.health?.checks ?? []).entries()) {
    const isVirtual = target === 'VirtualAddress';
    if (address !== undefined) yield { path: ['spec', 'health', 'checks', i, 'address'], address, isVirtual };
  }
}
