import { NEWLINE } from './characters.js';
import { MAXIMUM_DEPTH, NotPlain } from './cursor.js';
import { END } from './lines.js';
import type { Line, SharedItem, SharedParts } from './lines.js';

/** Longer items are hardly ever written twice. */
const MAXIMUM_SHARED_LENGTH = 400;

/** Builds one document of block collections from its lines. */
export class BlockReader {
  readonly #text: string;
  readonly #end: number;
  readonly #shared: SharedParts;
  /** Where the current line begins, and the next. */
  #start: number;
  #next: number;
  #line = END;
  #depth = 0;

  constructor(text: string, start: number, end: number, shared: SharedParts) {
    this.#text = text;
    this.#start = start;
    this.#next = start;
    this.#end = end;
    this.#shared = shared;
  }

  /** Throws NotPlain. */
  readDocument(): object {
    this.#advance();
    if (this.#line === END || this.#line.isItem) throw new NotPlain();
    const document = this.#readMapping(this.#line.indent);
    if (this.#line !== END) throw new NotPlain();
    return document;
  }

  /** To the next line that says something. */
  #advance(): void {
    let start = this.#next;
    let before = this.#line === END ? this.#shared.beginning : this.#line;
    while (start < this.#end) {
      const line = this.#readLine(start, before);
      before = line;
      const end = start + line.text.length;
      if (line.indent >= 0) {
        this.#line = line;
        this.#start = start;
        this.#next = end + 1;
        return;
      }
      start = end + 1;
    }
    this.#line = END;
    this.#start = this.#end;
    this.#next = this.#end;
  }

  #readLine(start: number, before: Line): Line {
    const text = this.#text;
    const guess = before.follower;
    if (guess !== undefined && text.startsWith(guess.text, start) && this.#isEndOfLine(start + guess.text.length)) {
      return guess;
    }
    const newline = text.indexOf('\n', start);
    const line = this.#shared.line(text.slice(start, newline < 0 || newline > this.#end ? this.#end : newline));
    before.follower = line;
    // In the place of a line that differs from document to document: what followed that one may follow this one.
    line.follower ??= guess?.follower;
    return line;
  }

  #isEndOfLine(at: number): boolean {
    return at === this.#end || (at < this.#end && this.#text.charCodeAt(at) === NEWLINE);
  }

  /** A mapping whose keys are in this column, the first of them on the current line. */
  #readMapping(column: number): Record<string, unknown> {
    this.#enter();
    const mapping: Record<string, unknown> = {};
    do {
      const { key, value } = this.#line;
      // Repeated keys, and names that every object has, are not ours to judge. No value is undefined.
      if (key === undefined || mapping[key] !== undefined) throw new NotPlain();
      this.#advance();
      mapping[key] = value === undefined ? this.#readBelowKey(column) : value;
    } while (this.#line.indent === column && !this.#line.isItem);
    this.#leave(column);
    return mapping;
  }

  /** What stands below a key. A sequence may stand as far left as the key that it belongs to. */
  #readBelowKey(column: number): unknown {
    if (this.#line.indent > column) return this.#readBlock();
    return this.#isAtItem(column) ? this.#readSequence(column) : null;
  }

  #readBlock(): unknown {
    const { indent, isItem } = this.#line;
    return isItem ? this.#readSequence(indent) : this.#readMapping(indent);
  }

  /** A sequence whose dashes are in this column, the first of them on the current line. */
  #readSequence(column: number): readonly unknown[] {
    this.#enter();
    const [first, start] = [this.#line, this.#start];
    const wasSeen = first.beganItem;
    const recalled = this.#recallList(column);
    const items = recalled !== undefined && !this.#isAtItem(column) ? recalled : this.#readItems(column, recalled);
    if (items !== recalled && wasSeen && items.every(isObject)) {
      this.#shared.rememberList(first, this.#text.slice(start, this.#start), items);
    }
    this.#leave(column);
    return items;
  }

  /** All items of the sequence: those that were recalled, and those from the current line on. */
  #readItems(column: number, recalled: readonly object[] = []): readonly unknown[] {
    const items: unknown[] = [...recalled];
    const dash = `${' '.repeat(column)}- `;
    while (this.#isAtItem(column)) if (!this.#recallItems(dash, items)) items.push(this.#readItem(column));
    return items;
  }

  #isAtItem(column: number): boolean {
    return this.#line.indent === column && this.#line.isItem;
  }

  /**
   * Takes the lines of a whole sequence that was read before: many documents have the same servers. What follows may
   * still be another item of it. Moves nothing where the last item goes on, or where there is no such sequence.
   */
  #recallList(column: number): readonly object[] | undefined {
    const [line, start, next] = [this.#line, this.#start, this.#next];
    const { list } = line;
    if (list === undefined || !this.#text.startsWith(list.text, start)) return undefined;
    this.#next = start + list.text.length;
    // The last line of a file may have no end, and then goes on here.
    const isWhole = this.#next === this.#end || (this.#next < this.#end && list.text.endsWith('\n'));
    if (isWhole) {
      this.#line = list.line;
      this.#advance();
      if (this.#line.indent <= column) return list.items;
    }
    this.#line = line;
    this.#start = start;
    this.#next = next;
    return undefined;
  }

  /** Takes items of the same text as some before, as many as follow each other. Moves nothing where there is none. */
  #recallItems(dash: string, items: unknown[]): boolean {
    if (!this.#line.beganItem) return false;
    let start = this.#start;
    let shared = this.#findItem(start, dash);
    if (shared === undefined) return false;
    while (shared !== undefined) {
      items.push(shared.item);
      start += shared.text.length;
      shared = this.#findFollower(shared, start, dash);
    }
    this.#next = start;
    this.#advance();
    return true;
  }

  #findFollower(shared: SharedItem, start: number, dash: string): SharedItem | undefined {
    const guess = shared.follower;
    if (guess !== undefined && this.#text.startsWith(guess.text, start)) {
      const end = start + guess.text.length;
      if (end === this.#end || (end < this.#end && this.#text.startsWith(dash, end))) return guess;
    }
    if (start >= this.#end || !this.#text.startsWith(dash, start)) return undefined;
    const found = this.#findItem(start, dash);
    if (found !== undefined) shared.follower = found;
    return found;
  }

  #findItem(start: number, dash: string): SharedItem | undefined {
    const ahead = this.#text.slice(start, Math.min(this.#end, start + MAXIMUM_SHARED_LENGTH));
    const newline = ahead.indexOf(`\n${dash}`);
    return this.#shared.item(newline < 0 ? ahead : ahead.slice(0, newline + 1));
  }

  #readItem(column: number): unknown {
    const line = this.#line;
    const start = this.#start;
    if (line.key !== undefined) {
      const item = this.#readMapping(line.column);
      if (line.beganItem) this.#rememberItem(start, item);
      line.beganItem = true;
      return item;
    }
    this.#advance();
    if (line.value !== undefined) return line.value;
    return this.#line.indent > column ? this.#readBlock() : null;
  }

  #rememberItem(start: number, item: object): void {
    if (this.#start - start >= MAXIMUM_SHARED_LENGTH) return;
    this.#shared.rememberItem(this.#text.slice(start, this.#start), item);
  }

  #enter(): void {
    if (++this.#depth > MAXIMUM_DEPTH) throw new NotPlain();
  }

  /** What comes behind a collection is further left, or the complete parser has to look. */
  #leave(column: number): void {
    this.#depth--;
    if (this.#line.indent > column) throw new NotPlain();
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
