import { DASH, HASH, SPACE } from './characters.js';
import { endLine, endOfKey, NotPlain, peek, readKey, skipSpaces } from './cursor.js';
import type { Cursor } from './cursor.js';
import { readInline } from './flow.js';

/**
 * What one line of a plain document says. No scalar goes over several lines there, so that a line says the same wherever
 * it stands.
 */
export class Line {
  readonly text: string;
  /** The column of the first thing on it; -1 where there is nothing, or a comment. */
  readonly indent: number;
  /** Whether that is the dash of a sequence's item. */
  readonly isItem: boolean;
  /** The column of what the line says: behind the dash, where there is one. */
  readonly column: number;
  readonly key: string | undefined;
  /** What stands behind the key, or is the item; `undefined` where it stands below. Shared and frozen. */
  readonly value: unknown;
  /** Whether an item that begins with this line was read before. */
  beganItem = false;
  /** The last whole sequence that began with this line and was read more than once. */
  list: SharedList | undefined = undefined;
  /** What came next the last time: mostly it does so again. */
  follower: Line | undefined = undefined;

  constructor(text: string, indent: number, isItem: boolean, column: number, key: string | undefined, value: unknown) {
    this.text = text;
    this.indent = indent;
    this.isItem = isItem;
    this.column = column;
    this.key = key;
    this.value = value;
  }
}

/** What cannot stand in a file: the line behind the last one. */
export const END = makeEmptyLine('');

/** Some whole lines of which an item is made. */
export interface SharedItem {
  readonly text: string;
  /** Frozen. */
  readonly item: object;
  /** The item of the same sequence that came next the last time. */
  follower: SharedItem | undefined;
}

/** Some whole lines of which a sequence is made, from its first dash to the next line that is not of it. */
export interface SharedList {
  readonly text: string;
  /** Frozen, with all that is in them. */
  readonly items: readonly object[];
  /** Stands for all of these lines where it matters what came behind them. */
  readonly line: Line;
}

/** So many lines and what they say are some 30 MB. */
const MAXIMUM_LINES = 100_000;
/** The same for items and lists, which can be made of the same lines in many ways. */
const MAXIMUM_CHARACTERS = 8_000_000;

/** What some texts have in common: their lines, and the items of their lists. Each is read once. */
export class SharedParts {
  readonly #lines = new Map<string, Line | null>();
  readonly #items = new Map<string, SharedItem>();
  /** Of items and lists. */
  #characters = 0;
  /** Stands before the first line of every document. */
  readonly beginning = makeEmptyLine('');

  /** Forgets what it is too much to remember. */
  trim(): void {
    if (this.#lines.size < MAXIMUM_LINES && this.#characters < MAXIMUM_CHARACTERS) return;
    this.#lines.clear();
    this.#items.clear();
    this.#characters = 0;
    this.beginning.follower = undefined;
  }

  /** Throws NotPlain. */
  line(text: string): Line {
    let line = this.#lines.get(text);
    if (line === undefined) {
      const own = copyOf(text);
      line = readLine(own);
      this.#lines.set(own, line);
    }
    if (line === null) throw new NotPlain();
    return line;
  }

  /** The item that stands for some whole lines, if it was remembered. */
  item(text: string): SharedItem | undefined {
    return this.#items.get(text);
  }

  rememberItem(text: string, item: object): void {
    this.#characters += text.length;
    const own = copyOf(text);
    this.#items.set(own, { text: own, item: deepFreeze(item), follower: undefined });
  }

  /** Remembers a sequence by the line that it begins with. */
  rememberList(first: Line, text: string, items: readonly object[]): void {
    this.#characters += text.length - (first.list?.text.length ?? 0);
    first.list = { text: copyOf(text), items: deepFreeze(items), line: makeEmptyLine('') };
  }
}

/**
 * The same characters in memory of their own: V8 keeps all of a text for the sake of any part of it, and there may be
 * many versions of a file. It copies characters where texts are put together, once one of them is looked into.
 */
function copyOf(part: string): string {
  return ` ${part}`.slice(1);
}

function makeEmptyLine(text: string): Line {
  return new Line(text, -1, false, -1, undefined, undefined);
}

/** `null` where it is not plain. */
function readLine(text: string): Line | null {
  try {
    return readPlainLine({ text, end: text.length, at: 0, depth: 0, isFlowDocument: false });
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

function readPlainLine(cursor: Cursor): Line {
  skipSpaces(cursor);
  const indent = cursor.at;
  const first = peek(cursor);
  if (first === -1 || first === HASH) {
    endLine(cursor);
    return makeEmptyLine(cursor.text);
  }
  const isItem = first === DASH && isSpaceOrEnd(cursor, indent + 1);
  if (isItem) {
    cursor.at++;
    skipSpaces(cursor);
  }
  const column = cursor.at;
  const colon = endOfKey(cursor);
  const key = colon >= 0 && isSpaceOrEnd(cursor, colon + 1) ? asPropertyName(readKey(cursor)) : undefined;
  // What has neither key nor dash belongs to the line above: a scalar over several lines.
  if (key === undefined && !isItem) throw new NotPlain();
  return new Line(cursor.text, indent, isItem, column, key, readValue(cursor, isItem && key === undefined));
}

/** Keys as V8 keeps names of properties, so that it need not look for them whenever they are used as such. */
const PROPERTY_NAMES = new Map<string, string>();
const MAXIMUM_PROPERTY_NAMES = 1000;

function asPropertyName(text: string): string {
  const known = PROPERTY_NAMES.get(text);
  if (known !== undefined) return known;
  const name = Object.keys({ [text]: true })[0] ?? text;
  if (PROPERTY_NAMES.size < MAXIMUM_PROPERTY_NAMES) PROPERTY_NAMES.set(name, name);
  return name;
}

/** The value on this line; `undefined` where there is none. */
function readValue(cursor: Cursor, isBareItem: boolean): unknown {
  skipSpaces(cursor);
  const code = peek(cursor);
  if (code === -1 || code === HASH) {
    endLine(cursor);
    return undefined;
  }
  // Sequences right within sequences are nobody's style.
  if (isBareItem && code === DASH && isSpaceOrEnd(cursor, cursor.at + 1)) throw new NotPlain();
  const value = readInline(cursor, code, false);
  endLine(cursor);
  return value;
}

function isSpaceOrEnd({ text, end }: Cursor, offset: number): boolean {
  return offset >= end || text.charCodeAt(offset) === SPACE;
}

/** Freezes what several documents share. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
