import { sameRealServer, sameServiceSettings, serviceKeyText } from '../../model/index.js';
import type { WantedService } from '../../model/index.js';
import type { DeclaredDirector, DeclaredDocument, DeclaredVirtualService } from '../declared.js';
import { findClusterOnly } from '../derive/contradictions.js';
import { expandServices } from '../derive/expand.js';
import type { PendingIssue } from '../derive/pending.js';
import { findForbidden } from '../derive/restrictions.js';

/** A virtual service as it applies now. */
export interface LiveObject {
  readonly document: DeclaredVirtualService;
  /** By key text; what it claims, whether or not it gets it. */
  readonly services: ReadonlyMap<string, WantedService>;
  /** Why it cannot be followed; empty where it can. */
  readonly faults: readonly PendingIssue[];
}

export function deriveObject(document: DeclaredVirtualService, director: DeclaredDirector | undefined): LiveObject {
  const services = new Map(expandServices(document).map((service) => [serviceKeyText(service.key), service]));
  return { document, services, faults: findFaults(document, director) };
}

/** What keeps a document from being followed. One that has no text was found in a cluster. */
export function findFaults(
  document: DeclaredVirtualService,
  director: DeclaredDirector | undefined,
): readonly PendingIssue[] {
  const clusterOnly = document.source === undefined ? [] : findClusterOnly(document);
  return director === undefined ? clusterOnly : [...clusterOnly, ...findForbidden(director, [document])];
}

/** The older object is before the younger one; without ages the name decides. */
export function compareSeniority(a: DeclaredDocument, b: DeclaredDocument): number {
  return compareTexts(creationTime(a), creationTime(b)) || compareTexts(a.object, b.object);
}

function creationTime({ value }: DeclaredDocument): string {
  const time = value.metadata.creationTimestamp;
  return typeof time === 'string' ? time : '';
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether nobody could tell the one from the other in the kernel or in the inventory. */
export function sameWantedService(a: WantedService | undefined, b: WantedService | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.object === b.object &&
    sameServiceSettings(a.settings, b.settings) &&
    a.servers.length === b.servers.length &&
    a.servers.every((server, i) => {
      const other = b.servers[i];
      return (
        other !== undefined &&
        server.address === other.address &&
        server.port === other.port &&
        sameRealServer(server, other)
      );
    })
  );
}
