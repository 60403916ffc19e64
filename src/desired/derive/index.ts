import type { Issue } from '../../errors/index.js';
import type { WantedState } from '../../model/index.js';
import type { DeclaredDocument } from '../declared.js';
import { NO_SURROUNDINGS } from '../surroundings.js';
import type { NodeLabels } from '../surroundings.js';
import { claimServices } from './claims.js';
import { describeDuplicate, describeRival, findClusterOnly } from './contradictions.js';
import { deriveDirector } from './director.js';
import { selectsNode } from './label-selector.js';
import { collectNotices } from './notices.js';
import type { Notice } from './notices.js';
import { settleIssues } from './pending.js';
import type { PendingIssue } from './pending.js';
import { findForbidden } from './restrictions.js';

export interface DeriveResult {
  /** What the documents want together. Where there are issues, something is missing from it. */
  readonly wanted: WantedState;
  /** Contradictions between objects. Those within one object never come this far. */
  readonly issues: readonly Issue[];
  readonly notices: readonly Notice[];
}

/**
 * What the documents of all files want of one kernel. Their order decides only which of two contradicting objects gets
 * the issue. Those for other nodes than the one with these labels are left out.
 */
export async function deriveWanted(
  documents: readonly DeclaredDocument[],
  nodeLabels: NodeLabels = NO_SURROUNDINGS.nodeLabels,
): Promise<DeriveResult> {
  const { unique: declared, issues: duplicates } = dropDuplicates(documents);
  const unique = declared.filter(({ value }) => selectsNode(value.spec.nodeSelector, nodeLabels));
  const virtualServices = unique.filter((document) => document.kind === 'VirtualService');
  const [director, ...rivals] = unique.filter((document) => document.kind === 'Director');
  const { services, suspended, issues: clashes } = claimServices(virtualServices);
  const pending = [
    ...duplicates,
    ...clashes,
    ...virtualServices.flatMap(findClusterOnly),
    ...rivals.map((rival) => describeRival(rival, director ?? rival)),
    ...(director === undefined ? [] : findForbidden(director, virtualServices)),
  ];
  return {
    wanted: {
      services,
      suspended,
      objects: new Set(unique.map((document) => document.object)),
      director: director === undefined ? null : deriveDirector(director, NO_SURROUNDINGS.roles),
    },
    issues: pending.length === 0 ? [] : await settleIssues(pending),
    notices: collectNotices(unique, 'Once', { ...NO_SURROUNDINGS, nodeLabels }),
  };
}

function dropDuplicates(documents: readonly DeclaredDocument[]): {
  readonly unique: readonly DeclaredDocument[];
  readonly issues: readonly PendingIssue[];
} {
  const byName = new Map<string, DeclaredDocument>();
  const issues: PendingIssue[] = [];
  for (const document of documents) {
    const earlier = byName.get(document.object);
    if (earlier === undefined) byName.set(document.object, document);
    else issues.push(describeDuplicate(document, earlier));
  }
  return { unique: [...byName.values()], issues };
}
