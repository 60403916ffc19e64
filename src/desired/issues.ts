import type { Issue, SourceLocation } from '../errors/index.js';
import type { DocumentSource } from './declared.js';
import { pathText } from './faults.js';
import type { Fault } from './faults.js';

/** Makes issues of one object's faults: in the order of the text, each with its place in it. */
export async function toIssues(
  faults: readonly Fault[],
  source: DocumentSource | undefined,
  object: string | undefined,
): Promise<readonly Issue[]> {
  const named = object === undefined ? {} : { object };
  if (source?.text === '') {
    const location = wholeFile(source.file);
    return faults.map((fault) => ({ ...withoutPlace(fault), location, ...named }));
  }
  if (source === undefined) return faults.map((fault) => ({ ...withoutPlace(fault), ...named }));
  // Only faults need a parser that knows places: start-up does not wait for it.
  const { locateFaults } = await import('./places.js');
  const locations = locateFaults(source, faults);
  return faults
    .map((fault, i) => ({ ...withoutPlace(fault), location: locations[i] ?? wholeFile(source.file), ...named }))
    .sort((a, b) => a.location.line - b.location.line || a.location.column - b.location.column);
}

export function wholeFile(file: string): SourceLocation {
  return { file, line: 0, column: 0 };
}

function withoutPlace(fault: Fault): Issue {
  return { path: pathText(fault.path), reason: fault.reason, message: fault.message };
}
