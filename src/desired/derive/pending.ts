import type { Issue } from '../../errors/index.js';
import type { DeclaredDocument, Path } from '../declared.js';
import type { Fault } from '../faults.js';
import { toIssues } from '../issues.js';

/** A fault between objects, before anybody has looked where in their texts it is. */
export interface PendingIssue {
  readonly document: DeclaredDocument;
  readonly fault: Fault;
  /** The other object that the message ends with, and where in it the cause is. */
  readonly other?: { readonly document: DeclaredDocument; readonly path: Path };
}

/** The same file given twice would have as many faults as objects, and one of them tells it. */
const MAXIMUM_ISSUES = 100;

export async function settleIssues(pending: readonly PendingIssue[]): Promise<readonly Issue[]> {
  const issues: Issue[] = [];
  for (const { document, fault, other } of pending.slice(0, MAXIMUM_ISSUES)) {
    const message = other === undefined ? fault.message : `${fault.message}${await placeOf(other)}`;
    issues.push(...(await toIssues([{ ...fault, message }], document.source, document.object)));
  }
  const more = pending.length - MAXIMUM_ISSUES;
  if (more > 0) issues.push({ path: '', reason: 'Conflict', message: `${more} more faults between objects` });
  return issues;
}

async function placeOf({ document, path }: NonNullable<PendingIssue['other']>): Promise<string> {
  const fault: Fault = { path, reason: 'Conflict', message: '' };
  const [issue] = await toIssues([fault], document.source, document.object);
  const at = issue?.location;
  if (at === undefined) return '';
  return at.line === 0 ? ` (${at.file})` : ` (${at.file}:${at.line}:${at.column})`;
}
