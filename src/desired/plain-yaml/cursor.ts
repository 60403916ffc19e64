import { BEGINS_KEY, CONTINUES_KEY, hasClass, HASH, isPlainCharacter, NEWLINE, SPACE } from './characters.js';

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
  /** Shared by all documents of the text. */
  readonly keys: KeyTable;
}

/** What is known of a text's keys. */
export interface KeyTable {
  /** Keys that were seen, by a hash of how they begin and end. */
  readonly slots: (string | undefined)[];
  /** The first colon at or behind an offset: a text with few colons is not searched again and again. */
  searchedFrom: number;
  colon: number;
}

/** Thrown where the document is not plain; never leaves this folder. */
export class NotPlain extends Error {}

/** Enough that the names of this project's fields rarely share one. */
const KEY_SLOTS = 1024;
const MAXIMUM_DEPTH = 30;

export function makeKeyTable(): KeyTable {
  return { slots: new Array<string | undefined>(KEY_SLOTS).fill(undefined), searchedFrom: 0, colon: -1 };
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

/** The plain key that begins here, up to its colon; `undefined` where none does. Moves nothing. */
export function peekKey({ text, at, end, keys }: Cursor): string | undefined {
  const colon = findColon(text, at, keys);
  if (colon >= end) return undefined;
  const length = colon - at;
  // Most keys were seen before: finding one again is cheaper than making its text anew, which would then have to be
  // looked up among all texts that are names.
  const slot = (text.charCodeAt(at) * 7 + text.charCodeAt(colon - 1) * 31 + length) % KEY_SLOTS;
  const seen = keys.slots[slot];
  if (seen?.length === length && text.startsWith(seen, at)) return seen;
  if (!hasClass(text.charCodeAt(at), BEGINS_KEY)) return undefined;
  for (let i = at + 1; i < colon; i++) if (!hasClass(text.charCodeAt(i), CONTINUES_KEY)) return undefined;
  const key = text.slice(at, colon);
  if (WORDS.has(key)) throw new NotPlain();
  keys.slots[slot] = key;
  return key;
}

/** The first colon at or behind an offset; the text's length where there is none. */
function findColon(text: string, at: number, keys: KeyTable): number {
  if (at < keys.searchedFrom || at > keys.colon) {
    const colon = text.indexOf(':', at);
    keys.searchedFrom = at;
    keys.colon = colon < 0 ? text.length : colon;
  }
  return keys.colon;
}

/** A plain key with its colon. */
export function readKey(cursor: Cursor): string {
  const key = peekKey(cursor);
  if (key === undefined) throw new NotPlain();
  cursor.at += key.length + 1;
  return key;
}
