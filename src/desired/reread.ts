import type { DeclaredDocument } from './declared.js';
import type { DocumentReader, ReadOptions, ReadResult } from './read.js';
import { splitDocuments } from './split.js';
import type { TextPart } from './split.js';

/** Some 3 ms of work where all is new, or 50 ms on a slow machine. */
const CHARACTERS_BETWEEN_PAUSES = 65_536;

const MARKER_LINE = '---\n';

/**
 * Reads a text of which an earlier version had these documents and no fault, as `DocumentReader.read` does. What has not
 * changed is not read again, and has the same value as before: one object.
 */
export async function rereadDocuments(
  reader: DocumentReader,
  file: string,
  text: string,
  before: readonly DeclaredDocument[],
  options: ReadOptions = {},
): Promise<ReadResult> {
  const known = partsOf(before);
  const documents: DeclaredDocument[] = [];
  let paused = 0;
  for (const part of splitDocuments(text)) {
    if (part.end - paused > CHARACTERS_BETWEEN_PAUSES) {
      paused = part.end;
      await options.pause?.();
    }
    const partText = text.slice(part.start, part.end);
    let found = known.get(withoutMarker(partText));
    if (found === undefined) {
      const result = await reader.read(file, partText, options);
      // Places in the whole text are what a fault has to name.
      if (result.issues.length > 0) return reader.read(file, text, options);
      found = result.documents;
    }
    for (const document of found) documents.push(placed(document, text, part));
  }
  return { documents, issues: [] };
}

/** The documents by the text that each was parsed from. */
function partsOf(documents: readonly DeclaredDocument[]): ReadonlyMap<string, readonly DeclaredDocument[]> {
  const byStart = new Map<number, DeclaredDocument[]>();
  for (const document of documents) {
    if (document.source === undefined || document.source.text === '') return new Map();
    const { start } = document.source;
    const together = byStart.get(start);
    if (together === undefined) byStart.set(start, [document]);
    else together.push(document);
  }
  const parts = new Map<string, readonly DeclaredDocument[]>();
  for (const together of byStart.values()) {
    const source = together[0]?.source;
    if (source !== undefined) parts.set(withoutMarker(source.text.slice(source.start, source.end)), together);
  }
  return parts;
}

/** The first document of a text mostly begins without one. */
function withoutMarker(part: string): string {
  return part.startsWith(MARKER_LINE) ? part.slice(MARKER_LINE.length) : part;
}

function placed(document: DeclaredDocument, text: string, { start, end }: TextPart): DeclaredDocument {
  return document.source === undefined ? document : { ...document, source: { ...document.source, text, start, end } };
}
