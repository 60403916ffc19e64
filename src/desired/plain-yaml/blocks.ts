import { MAXIMUM_DEPTH, NotPlain } from './cursor.js';
import { END } from './lines.js';
import type { SharedParts } from './lines.js';

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
    const text = this.#text;
    let start = this.#next;
    while (start < this.#end) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 || newline > this.#end ? this.#end : newline;
      const line = this.#shared.line(text.slice(start, end));
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
    return this.#line.indent === column && this.#line.isItem ? this.#readSequence(column) : null;
  }

  #readBlock(): unknown {
    const { indent, isItem } = this.#line;
    return isItem ? this.#readSequence(indent) : this.#readMapping(indent);
  }

  /** A sequence whose dashes are in this column, the first of them on the current line. */
  #readSequence(column: number): unknown[] {
    this.#enter();
    const items: unknown[] = [];
    const dash = `\n${' '.repeat(column)}- `;
    do items.push(this.#recallItem(dash) ?? this.#readItem(column));
    while (this.#line.indent === column && this.#line.isItem);
    this.#leave(column);
    return items;
  }

  /** An item of the same text as one before; `undefined` where there was none, and then nothing is moved. */
  #recallItem(dash: string): object | undefined {
    if (!this.#line.beganItem) return undefined;
    const ahead = this.#text.slice(this.#start, Math.min(this.#end, this.#start + MAXIMUM_SHARED_LENGTH));
    const newline = ahead.indexOf(dash);
    const text = newline < 0 ? ahead : ahead.slice(0, newline + 1);
    const item = this.#shared.item(text);
    if (item === undefined) return undefined;
    this.#next = this.#start + text.length;
    this.#advance();
    return item;
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
