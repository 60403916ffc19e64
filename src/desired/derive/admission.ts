import { prefixContains } from '../../model/index.js';
import type { DeclaredDirector, DeclaredVirtualService, FoundServer } from '../declared.js';
import { parsePrefixes } from './director.js';
import type { PendingIssue } from './pending.js';
import { isNoServer, NO_SERVER_RULE } from './server-addresses.js';

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
    allowed.length > 0 ? allowed.some((prefix) => prefixContains(prefix, address)) : !isNoServer(address);
  const servers = found.servers.filter(isAllowed);
  const remarks: PendingIssue[] = found.faults.map((fault) => ({ document, fault }));
  const refused = servers.length === found.servers.length ? [] : found.servers.filter((server) => !isAllowed(server));
  if (refused.length > 0) {
    const named = refused.slice(0, NAMED_SERVERS).map(({ address }) => address);
    const more = refused.length > named.length ? ` and ${refused.length - named.length} more` : '';
    const why =
      allowed.length > 0 && director !== undefined
        ? `they are in none of the allowedServerCIDRs of ${director.object}`
        : NO_SERVER_RULE;
    const message = `found servers are left out: ${named.join(', ')}${more}: ${why}`;
    remarks.push({ document, fault: { path: ['spec', 'realServersFrom'], reason: 'NotAllowed', message } });
  }
  return { servers, remarks };
}
