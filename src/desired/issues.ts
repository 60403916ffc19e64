import type { Issue, SourceLocation } from '../errors/index.js';
import type { DocumentSource, Path } from './declared.js';
import { pathText } from './faults.js';
import type { Fault } from './faults.js';

/** What is wrong with one object of a document. */
export interface FaultyObject {
  /** Where in the document it is. */
  readonly root: Path;
  readonly faults: readonly Fault[];
  /** How it is called, as far as it says. */
  readonly object: string | undefined;
}

/** Makes issues of one object's faults: in the order of the text, each with its place in it. */
export async function toIssues(
  faults: readonly Fault[],
  source: DocumentSource | undefined,
  object: string | undefined,
): Promise<readonly Issue[]> {
  if (source === undefined) return faults.map((fault) => withoutPlace(fault, object));
  return toIssuesOfDocument([{ root: source.root, faults, object }], source);
}

/** The same for several objects of one YAML document, wherever in it `source` is. */
export async function toIssuesOfDocument(
  objects: readonly FaultyObject[],
  source: DocumentSource,
): Promise<readonly Issue[]> {
  const all = objects.flatMap(({ root, faults, object }) => faults.map((fault) => ({ root, fault, object })));
  if (source.text === '') {
    const location = wholeFile(source.file);
    return all.map(({ fault, object }) => ({ ...withoutPlace(fault, object), location }));
  }
  // Only faults need a parser that knows places: start-up does not wait for it.
  const { locateFaults } = await import('./places.js');
  const locations = locateFaults(
    source,
    all.map(({ root, fault }) => ({ ...fault, path: [...root, ...fault.path] })),
  );
  return all
    .map(({ fault, object }, i) => ({
      ...withoutPlace(fault, object),
      location: locations[i] ?? wholeFile(source.file),
    }))
    .sort((a, b) => a.location.line - b.location.line || a.location.column - b.location.column);
}

export function wholeFile(file: string): SourceLocation {
  return { file, line: 0, column: 0 };
}

function withoutPlace({ path, reason, message }: Fault, object: string | undefined): Issue {
  return { path: pathText(path), reason, message, ...(object === undefined ? {} : { object }) };
}
