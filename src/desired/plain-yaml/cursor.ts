import { BEGINS_KEY, COLON, CONTINUES_KEY, hasClass, HASH, isPlainCharacter, NEWLINE, SPACE } from './characters.js';

/** Where the reader is in a document, and what it knows about the line. */
export interface Cursor {
  readonly text: string;
  readonly end: number;
  at: number;
  /** The column of the first thing on the current line; -1 at the end. */
  indent: number;
  depth: number;
  /** Whether the whole document is one flow collection, as JSON is. */
  isFlowDocument: boolean;
  /** Keys that were seen in the text, by a hash of how they begin and end. */
  readonly keys: (string | undefined)[];
}

/** Thrown where the document is not plain; never leaves this folder. */
export class NotPlain extends Error {}

/** Enough that the names of this project's fields rarely share one. */
const KEY_SLOTS = 1024;
const MAXIMUM_DEPTH = 30;

export function makeKeySlots(): (string | undefined)[] {
  return new Array<string | undefined>(KEY_SLOTS).fill(undefined);
}

/** Texts of another type than they look like; keys by these names are left to the complete parser. */
export const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** The character here; -1 at the end. */
export function peek(cursor: Cursor): number {
  return cursor.at < cursor.end ? cursor.text.charCodeAt(cursor.at) : -1;
}

/** From the beginning of a line to the first thing in this or a later one. */
export function skipToContent(cursor: Cursor): void {
  const text = cursor.text;
  const end = cursor.end;
  let at = cursor.at;
  for (;;) {
    const lineStart = at;
    while (at < end && text.charCodeAt(at) === SPACE) at++;
    if (at >= end) {
      cursor.at = at;
      cursor.indent = -1;
      return;
    }
    const code = text.charCodeAt(at);
    if (code === HASH) at = afterComment(cursor, at);
    else if (code === NEWLINE) at++;
    else {
      cursor.at = at;
      cursor.indent = at - lineStart;
      return;
    }
  }
}

/** The offset behind the line of a comment. Comments may hold any character that a text may. */
function afterComment(cursor: Cursor, from: number): number {
  let at = from;
  while (at < cursor.end) {
    const code = cursor.text.charCodeAt(at++);
    if (code === NEWLINE) return at;
    if (!isPlainCharacter(code)) throw new NotPlain();
  }
  return at;
}

/** Nothing but a comment may follow on this line; goes to the next one with something in it. */
export function endLine(cursor: Cursor): void {
  skipSpaces(cursor);
  const code = peek(cursor);
  if (code === HASH) {
    if (cursor.text.charCodeAt(cursor.at - 1) !== SPACE) throw new NotPlain();
    cursor.at = afterComment(cursor, cursor.at);
  } else if (code === NEWLINE) cursor.at++;
  else if (code !== -1) throw new NotPlain();
  skipToContent(cursor);
}

export function skipSpaces(cursor: Cursor): void {
  while (cursor.at < cursor.end && cursor.text.charCodeAt(cursor.at) === SPACE) cursor.at++;
}

export function enter(cursor: Cursor): void {
  if (++cursor.depth > MAXIMUM_DEPTH) throw new NotPlain();
}

/** A plain key with its colon. */
export function readKey(cursor: Cursor): string {
  const start = cursor.at;
  if (!hasClass(peek(cursor), BEGINS_KEY)) throw new NotPlain();
  do cursor.at++;
  while (hasClass(peek(cursor), CONTINUES_KEY));
  if (peek(cursor) !== COLON) throw new NotPlain();
  return readKeyText(cursor, start, cursor.at++);
}

/**
 * The text of a key. Most were seen before, and one of these texts is as good and far cheaper than a new one, which
 * would have to be looked up among all texts that are names.
 */
function readKeyText(cursor: Cursor, start: number, end: number): string {
  const text = cursor.text;
  const slot = (text.charCodeAt(start) * 7 + text.charCodeAt(end - 1) * 31 + (end - start)) % KEY_SLOTS;
  const seen = cursor.keys[slot];
  if (seen?.length === end - start && cursor.text.startsWith(seen, start)) return seen;
  const key = cursor.text.slice(start, end);
  if (WORDS.has(key)) throw new NotPlain();
  cursor.keys[slot] = key;
  return key;
}
