import { BEGINS_KEY, CONTINUES_KEY, COLON, hasClass, HASH, isPlainCharacter, NEWLINE, SPACE } from './characters.js';

/** Where the reader is in a line, or in a document that is one flow collection. */
export interface Cursor {
  readonly text: string;
  readonly end: number;
  at: number;
  depth: number;
  /** Whether the whole document is one flow collection, as JSON is: only then lines mean nothing. */
  readonly isFlowDocument: boolean;
}

/** Thrown where the document is not plain; never leaves this folder. */
export class NotPlain extends Error {}

export const MAXIMUM_DEPTH = 30;

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

export function skipSpaces(cursor: Cursor): void {
  while (cursor.at < cursor.end && cursor.text.charCodeAt(cursor.at) === SPACE) cursor.at++;
}

/** Nothing but a comment may follow on this line; goes behind it. */
export function endLine(cursor: Cursor): void {
  skipSpaces(cursor);
  const code = peek(cursor);
  if (code === HASH) {
    if (!isSpaceBefore(cursor)) throw new NotPlain();
    skipComment(cursor);
  } else if (code === NEWLINE) cursor.at++;
  else if (code !== -1) throw new NotPlain();
}

/** Whatever is not separated from what is before it belongs to that. */
function isSpaceBefore({ text, at }: Cursor): boolean {
  const code = at > 0 ? text.charCodeAt(at - 1) : NEWLINE;
  return code === SPACE || code === NEWLINE;
}

/** Comments may hold any character that a text may. */
function skipComment(cursor: Cursor): void {
  while (cursor.at < cursor.end) {
    const code = cursor.text.charCodeAt(cursor.at++);
    if (code === NEWLINE) return;
    if (!isPlainCharacter(code)) throw new NotPlain();
  }
}

export function enter(cursor: Cursor): void {
  if (++cursor.depth > MAXIMUM_DEPTH) throw new NotPlain();
}

/** Where the plain key ends that begins here, at its colon; -1 where none does. */
export function endOfKey({ text, at, end }: Cursor): number {
  if (at >= end || !hasClass(text.charCodeAt(at), BEGINS_KEY)) return -1;
  let colon = at + 1;
  while (colon < end && hasClass(text.charCodeAt(colon), CONTINUES_KEY)) colon++;
  return colon < end && text.charCodeAt(colon) === COLON ? colon : -1;
}

/** A plain key with its colon. */
export function readKey(cursor: Cursor): string {
  const colon = endOfKey(cursor);
  if (colon < 0) throw new NotPlain();
  const key = cursor.text.slice(cursor.at, colon);
  if (WORDS.has(key)) throw new NotPlain();
  cursor.at = colon + 1;
  return key;
}
