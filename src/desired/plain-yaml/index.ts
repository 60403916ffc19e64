/**
 * Reads the plain part of YAML in which nearly all files are written, some twenty times faster than a complete parser:
 * block mappings and sequences, flow collections, plain and simply quoted scalars, comments. Whatever is unusual
 * (anchors, tags, block scalars, escapes, scalars over several lines, tabs, odd keys, faults) it refuses, so that the
 * complete parser decides. What it takes, it takes as that one does: the tests hold both to the same values.
 */
import { DASH, HASH, LEFT_BRACE, NEWLINE, SPACE } from './characters.js';
import { endLine, enter, makeKeyTable, NotPlain, peek, peekKey, readKey, skipSpaces, skipToContent } from './cursor.js';
import type { Cursor } from './cursor.js';
import { readFlow, readInline } from './flow.js';

/** Reads the documents of one text, in any order. */
export class PlainYamlReader {
  readonly #text: string;
  readonly #keys = makeKeyTable();

  constructor(text: string) {
    this.#text = text;
  }

  /** The one document between two offsets, which may begin with a `---` line; `undefined` where it is not plain. */
  read(start: number, end: number): object | undefined {
    const place = { at: start, indent: -1, depth: 0, isFlowDocument: false };
    try {
      return readDocument({ text: this.#text, end, keys: this.#keys, ...place });
    } catch (error) {
      if (error instanceof NotPlain) return undefined;
      throw error;
    }
  }
}

function readDocument(cursor: Cursor): object {
  if (cursor.text.startsWith('---', cursor.at)) {
    cursor.at += 3;
    endLine(cursor);
  } else skipToContent(cursor);
  if (cursor.indent < 0) throw new NotPlain();
  const first = peek(cursor);
  cursor.isFlowDocument = first === LEFT_BRACE;
  if (cursor.isFlowDocument) {
    const value = readFlow(cursor, first);
    endLine(cursor);
    if (cursor.indent < 0) return value;
  } else {
    const value = readMapping(cursor, cursor.indent);
    if (cursor.indent < 0) return value;
  }
  throw new NotPlain();
}

/** A block mapping whose keys are in this column. Ends at the first line that is further left. */
function readMapping(cursor: Cursor, column: number): Record<string, unknown> {
  enter(cursor);
  const mapping: Record<string, unknown> = {};
  do {
    const key = readKey(cursor);
    // Repeated keys, and names that every object has, are not ours to judge. No value is undefined.
    if (mapping[key] !== undefined) throw new NotPlain();
    mapping[key] = readValueOfKey(cursor, column);
  } while (cursor.indent === column);
  if (cursor.indent > column) throw new NotPlain();
  cursor.depth--;
  return mapping;
}

/** What stands behind a key's colon, or below it. */
function readValueOfKey(cursor: Cursor, column: number): unknown {
  const separated = peek(cursor);
  if (separated !== SPACE && separated !== NEWLINE && separated !== -1) throw new NotPlain();
  skipSpaces(cursor);
  const code = peek(cursor);
  if (code !== NEWLINE && code !== HASH && code !== -1) return readRestOfLine(cursor, code);
  endLine(cursor);
  if (cursor.indent > column) return readBlock(cursor);
  // A sequence may stand as far left as the key that it belongs to.
  return cursor.indent === column && atDash(cursor) ? readSequence(cursor, column) : null;
}

/** A value that begins and ends on this line. */
function readRestOfLine(cursor: Cursor, code: number): unknown {
  const value = readInline(cursor, code, false);
  endLine(cursor);
  return value;
}

function readBlock(cursor: Cursor): unknown {
  if (atDash(cursor)) return readSequence(cursor, cursor.indent);
  return readMapping(cursor, cursor.indent);
}

/** At the dash of a sequence's item, not of a number or a document's marker. */
function atDash(cursor: Cursor): boolean {
  if (peek(cursor) !== DASH) return false;
  const next = cursor.at + 1 < cursor.end ? cursor.text.charCodeAt(cursor.at + 1) : NEWLINE;
  return next === SPACE || next === NEWLINE;
}

function readSequence(cursor: Cursor, column: number): unknown[] {
  enter(cursor);
  const items: unknown[] = [];
  do {
    cursor.at++;
    items.push(readItem(cursor, column));
  } while (cursor.indent === column && atDash(cursor));
  if (cursor.indent > column) throw new NotPlain();
  cursor.depth--;
  return items;
}

/** What stands behind the dash in this column, or below it. */
function readItem(cursor: Cursor, column: number): unknown {
  const dash = cursor.at;
  skipSpaces(cursor);
  const code = peek(cursor);
  if (code === NEWLINE || code === HASH || code === -1) {
    endLine(cursor);
    return cursor.indent > column ? readBlock(cursor) : null;
  }
  const inner = column + 1 + cursor.at - dash;
  if (isKeyHere(cursor)) {
    cursor.indent = inner;
    return readMapping(cursor, inner);
  }
  if (atDash(cursor)) {
    cursor.indent = inner;
    return readSequence(cursor, inner);
  }
  return readRestOfLine(cursor, code);
}

/** Whether a plain key begins here, so that this is a mapping. */
function isKeyHere(cursor: Cursor): boolean {
  const key = peekKey(cursor);
  if (key === undefined) return false;
  const next = cursor.at + key.length + 1;
  const code = next < cursor.end ? cursor.text.charCodeAt(next) : NEWLINE;
  return code === SPACE || code === NEWLINE;
}
