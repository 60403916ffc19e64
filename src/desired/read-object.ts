import type { Issue } from '../errors/index.js';
import { CheckedItems } from './checked-items.js';
import type { DeclaredDocument } from './declared.js';
import { checkDirector, checkVirtualService } from './generated/check.js';
import { toIssues } from './issues.js';
import { declare, objectName } from './objects.js';
import type { Kind } from './objects.js';
import { explainBadValue } from './read.js';
import { findContradictions } from './rules/index.js';
import { MAXIMUM_FAULTS } from './schema/limits.js';

export type ReadObject =
  | { readonly kind: 'Good'; readonly document: DeclaredDocument }
  | { readonly kind: 'Bad'; readonly issues: readonly Issue[] };

/** What of an object's metadata is worth keeping: who it is, and which state of it. */
const KEPT_METADATA = ['name', 'namespace', 'uid', 'generation', 'resourceVersion', 'creationTimestamp'] as const;

/**
 * Reads one object of a cluster: checked as a document of a file is, but for its status and for metadata, which the API
 * server has checked and which may hold what this program does not know. What is kept of it is small.
 */
export async function readObject(kind: Kind, object: Readonly<Record<string, unknown>>): Promise<ReadObject> {
  const value: Record<string, unknown> = { apiVersion: object['apiVersion'], kind, metadata: keptMetadata(object) };
  for (const field of Object.keys(object)) if (!(field in value) && field !== 'status') value[field] = object[field];
  const check = kind === 'VirtualService' ? checkVirtualService : checkDirector;
  const isRight = check(value, new CheckedItems());
  const faults = isRight ? findContradictions(kind, value) : await explainBadValue(kind, value);
  if (faults.length === 0) return { kind: 'Good', document: declare(kind, value) };
  const name = objectName(kind, value);
  const issues = await toIssues(faults.slice(0, MAXIMUM_FAULTS), undefined, name);
  return { kind: 'Bad', issues: faults.length > MAXIMUM_FAULTS ? [...issues, moreFaults(name)] : issues };
}

function moreFaults(name: string | undefined): Issue {
  const message = `more than ${MAXIMUM_FAULTS} faults: the rest of the object was not looked at`;
  return { path: '', reason: 'Unreadable', message, ...(name === undefined ? {} : { object: name }) };
}

function keptMetadata({ metadata }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const all = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(KEPT_METADATA.flatMap((field) => (all[field] === undefined ? [] : [[field, all[field]]])));
}
