import { addressFamily, prefixContains } from '../../model/index.js';
import type { AddressPrefix } from '../../model/index.js';
import type { DeclaredDirector, DeclaredVirtualService, FoundServer } from '../declared.js';
import { parsePrefixes } from './director.js';
import type { PendingIssue } from './pending.js';

/** Where no server of a cluster is: loopback, link-local, unspecified, multicast, and IPv4 in the guise of IPv6. */
const REFUSED: readonly AddressPrefix[] = [
  { address: '0.0.0.0', length: 8 },
  { address: '127.0.0.0', length: 8 },
  { address: '169.254.0.0', length: 16 },
  { address: '224.0.0.0', length: 4 },
  { address: '::', length: 127 },
  { address: '::ffff:0.0.0.0', length: 96 },
  { address: 'fe80::', length: 10 },
  { address: 'ff00::', length: 8 },
];

const NAMED_SERVERS = 3;

export interface AdmittedServers {
  readonly servers: readonly FoundServer[];
  /** What was found and cannot be used. The object applies without it. */
  readonly remarks: readonly PendingIssue[];
}

const NOTHING_FOUND: AdmittedServers = { servers: [], remarks: [] };

/** Of the servers that were found for an object, those that it may have. */
export function admitFoundServers(
  document: DeclaredVirtualService,
  director: DeclaredDirector | undefined,
): AdmittedServers {
  const { found } = document;
  if (found === undefined) return NOTHING_FOUND;
  const allowed = parsePrefixes(director?.value.spec.allowedServerCIDRs);
  const isAllowed = ({ address }: FoundServer): boolean =>
    allowed.length > 0 ? isInside(address, allowed) : !isInside(address, REFUSED);
  const servers = found.servers.filter(isAllowed);
  const remarks: PendingIssue[] = found.faults.map((fault) => ({ document, fault }));
  const refused = servers.length === found.servers.length ? [] : found.servers.filter((server) => !isAllowed(server));
  if (refused.length > 0) {
    const named = refused.slice(0, NAMED_SERVERS).map(({ address }) => address);
    const more = refused.length > named.length ? ` and ${refused.length - named.length} more` : '';
    const why =
      allowed.length > 0 && director !== undefined
        ? `they are in none of the allowedServerCIDRs of ${director.object}`
        : 'servers are never loopback, link-local, unspecified or multicast addresses unless allowedServerCIDRs say so';
    const message = `found servers are left out: ${named.join(', ')}${more}: ${why}`;
    remarks.push({ document, fault: { path: ['spec', 'realServersFrom'], reason: 'NotAllowed', message } });
  }
  return { servers, remarks };
}

function isInside(address: string, prefixes: readonly AddressPrefix[]): boolean {
  const family = addressFamily(address);
  return prefixes.some((prefix) => addressFamily(prefix.address) === family && prefixContains(prefix, address));
}
