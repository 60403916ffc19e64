import { sameRealServers, sameServiceSettings, serviceKeyText } from '../../model/index.js';
import type { ServicePolicy, WantedService } from '../../model/index.js';
import type { DeclaredDirector, DeclaredDocument, DeclaredVirtualService } from '../declared.js';
import { admitFoundServers } from '../derive/admission.js';
import { findClusterOnly } from '../derive/contradictions.js';
import { expandServices } from '../derive/expand.js';
import type { PendingIssue } from '../derive/pending.js';
import { findRefusedCertificates } from '../derive/certificates.js';
import { findRefusedMarks } from '../derive/marks.js';
import { findRefusedPrograms } from '../derive/programs.js';
import { findForbidden } from '../derive/restrictions.js';
import { findLocalServers } from '../derive/server-addresses.js';
import type { ServerMemory } from '../derive/server-memory.js';
import type { Surroundings } from '../surroundings.js';

/** A virtual service as it applies now. */
export interface LiveObject {
  readonly document: DeclaredVirtualService;
  /** By key text; what it claims, whether or not it gets it. */
  readonly services: ReadonlyMap<string, WantedService>;
  /** Why it cannot be followed; empty where it can. */
  readonly faults: readonly PendingIssue[];
  /** What it has to do without: servers that were found and cannot be used. */
  readonly remarks: readonly PendingIssue[];
}

/** What decides about an object besides itself, and what it may share with others. */
export interface ObjectContext {
  readonly director: DeclaredDirector | undefined;
  readonly surroundings: Surroundings;
  readonly memory: ServerMemory;
}

/** @param before the same object up to now, in the same context */
export function deriveObject(
  document: DeclaredVirtualService,
  context: ObjectContext,
  before?: LiveObject,
): LiveObject {
  if (before !== undefined && isRestated(document, before.document)) {
    return { ...before, document, faults: findFaults(document, context) };
  }
  const { servers, remarks } = admitFoundServers(document, context.director);
  const expanded = expandServices(document, servers, context.memory);
  const services = new Map(expanded.map((service) => [serviceKeyText(service.key), service]));
  return { document, services, faults: findFaults(document, context), remarks };
}

/** The object in another context; the same one where that makes no difference. */
export function rederiveObject(object: LiveObject, context: ObjectContext): LiveObject {
  if (object.document.found !== undefined) return deriveObject(object.document, context);
  const faults = findFaults(object.document, context);
  return faults.length + object.faults.length === 0 ? object : { ...object, faults };
}

/** Whether it declares nothing else; only its place in a file may be another one. */
function isRestated(document: DeclaredVirtualService, before: DeclaredVirtualService): boolean {
  return document.value === before.value && document.found === undefined && before.found === undefined;
}

/** What keeps a document from being followed. One that has no text was found in a cluster. */
function findFaults(
  document: DeclaredVirtualService,
  { director, surroundings }: ObjectContext,
): readonly PendingIssue[] {
  const clusterOnly = document.source === undefined ? [] : findClusterOnly(document);
  const forbidden = director === undefined ? [] : findForbidden(director, [document], surroundings);
  return [
    ...clusterOnly,
    ...findLocalServers(document, director),
    ...findRefusedPrograms(document, surroundings),
    ...findRefusedCertificates(document, surroundings),
    ...findRefusedMarks(document, surroundings),
    ...forbidden,
  ];
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

/** Whether nobody could tell the one from the other, now or later. */
export function sameWantedService(a: WantedService | undefined, b: WantedService | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  return (
    a.object === b.object &&
    sameServiceSettings(a.settings, b.settings) &&
    sameRealServers(a.servers, b.servers) &&
    samePolicy(a.policy, b.policy)
  );
}

function samePolicy(a: ServicePolicy | undefined, b: ServicePolicy | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}
