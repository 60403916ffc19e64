import { setImmediate as nextTurn } from 'node:timers/promises';
import { deriveWanted, DocumentReader } from '../desired/index.js';
import type { DeclaredDocument, Notice } from '../desired/index.js';
import type { Issue } from '../errors/index.js';
import type { WantedState } from '../model/index.js';
import type { CliContext } from './context.js';
import type { FileFlags, NodeFlags } from './options.js';
import { nodeLabelsOf } from './this-node.js';

/** What `-f` names, as one wanted state; or, where anything is wrong with any of it, what is wrong. */
export type LoadedInputs =
  | {
      readonly kind: 'Loaded';
      readonly wanted: WantedState;
      readonly notices: readonly Notice[];
      readonly objectCount: number;
      readonly fileCount: number;
    }
  | { readonly kind: 'Broken'; readonly issues: readonly Issue[]; readonly fileCount: number };

export async function loadInputs(
  flags: FileFlags & NodeFlags,
  context: CliContext,
  signal?: AbortSignal,
): Promise<LoadedInputs> {
  const documents: DeclaredDocument[] = [];
  const issues: Issue[] = [];
  const reader = new DocumentReader();
  let fileCount = 0;
  const recursive = flags.recursive === true;
  const options = signal === undefined ? { recursive } : { recursive, signal };
  for await (const input of context.readInputs(flags.filename, options)) {
    fileCount++;
    if (input.kind === 'Issue') {
      issues.push(input.issue);
      continue;
    }
    const result = await reader.read(input.file, input.text, { pause: () => nextTurn() });
    for (const document of result.documents) documents.push(document);
    for (const issue of result.issues) issues.push(issue);
  }
  const derived = await deriveWanted(documents, nodeLabelsOf(flags, context.environment));
  for (const issue of derived.issues) issues.push(issue);
  if (issues.length > 0) return { kind: 'Broken', issues, fileCount };
  return {
    kind: 'Loaded',
    wanted: derived.wanted,
    notices: derived.notices,
    objectCount: documents.length,
    fileCount,
  };
}
