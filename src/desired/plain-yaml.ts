/**
 * Reads the plain part of YAML in which nearly all files are written, some fifty times faster than a complete parser:
 * block mappings and sequences, flow collections, plain and simply quoted scalars, comments. Whatever is unusual
 * (anchors, tags, block scalars, escapes, scalars over several lines, tabs, odd keys, faults) it refuses, so that the
 * complete parser decides. What it takes, it takes as that one does: the tests hold both to the same values.
 */

class NotPlain extends Error {}

const MAXIMUM_DEPTH = 30;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const SINGLE_QUOTE = 0x27;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const LEFT_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const RIGHT_BRACKET = 0x5d;
const LEFT_BRACE = 0x7b;
const RIGHT_BRACE = 0x7d;

/** What each character below 128 may be. */
const BEGINS_KEY = 1;
const CONTINUES_KEY = 2;
const BEGINS_PLAIN = 4;
const DIGIT = 8;
/** May begin something that is no string: null, true, false, a number. */
const BEGINS_TYPED = 16;
const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  let bits = 0;
  if (/[A-Za-z_]/.test(character)) bits |= BEGINS_KEY;
  if (/[A-Za-z0-9_./-]/.test(character)) bits |= CONTINUES_KEY;
  if (/[A-Za-z0-9_./$(+]/.test(character)) bits |= BEGINS_PLAIN;
  if (/[0-9]/.test(character)) bits |= DIGIT;
  if (/[-+.0-9nNtTfF]/.test(character)) bits |= BEGINS_TYPED;
  CLASSES[code] = bits;
}

/** Texts of another type than they look like to us; keys by these names are left to the complete parser too. */
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);
const NUMBER =
  /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
/** Enough that the names of this project's fields rarely share one. */
const KEY_SLOTS = 1024;
/** More digits could be more than a number holds exactly. */
const MAXIMUM_DIGITS = 15;

type PlainMapping = Record<string, unknown>;

/** Reads the documents of one text, in any order. */
export class PlainYamlReader {
  readonly #text: string;
  /** Keys that were seen, by a hash of where they may be seen again. */
  readonly #keys: (string | undefined)[] = new Array<undefined>(KEY_SLOTS).fill(undefined);
  #at = 0;
  #end = 0;
  /** The column of the first thing on the current line; -1 at the end. */
  #indent = -1;
  #depth = 0;
  /** Whether the whole document is one flow collection, as JSON is. */
  #isFlowDocument = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The one document between two offsets, which may begin with a `---` line; `undefined` where it is not plain. */
  read(start: number, end: number): object | undefined {
    this.#at = start;
    this.#end = end;
    this.#depth = 0;
    try {
      return this.#document();
    } catch (error) {
      if (error instanceof NotPlain) return undefined;
      throw error;
    }
  }

  #document(): object {
    if (this.#text.startsWith('---', this.#at)) {
      this.#at += 3;
      this.#endLine();
    } else this.#findLine();
    if (this.#indent < 0) throw new NotPlain();
    const first = this.#code();
    this.#isFlowDocument = first === LEFT_BRACE;
    if (this.#isFlowDocument) {
      const value = this.#flow(first);
      this.#endLine();
      if (this.#indent < 0) return value;
    } else {
      const value = this.#mapping(this.#indent);
      if (this.#indent < 0) return value;
    }
    throw new NotPlain();
  }

  /** The character here; -1 at the end. */
  #code(): number {
    return this.#at < this.#end ? this.#text.charCodeAt(this.#at) : -1;
  }

  /** From the beginning of a line to the first thing in this or a later one. */
  #findLine(): void {
    const text = this.#text;
    const end = this.#end;
    let at = this.#at;
    for (;;) {
      const lineStart = at;
      while (at < end && text.charCodeAt(at) === SPACE) at++;
      if (at >= end) {
        this.#at = at;
        this.#indent = -1;
        return;
      }
      const code = text.charCodeAt(at);
      if (code === HASH) at = this.#afterComment(at);
      else if (code === NEWLINE) at++;
      else {
        this.#at = at;
        this.#indent = at - lineStart;
        return;
      }
    }
  }

  /** The offset behind the line of a comment. Comments may hold any character that a text may. */
  #afterComment(from: number): number {
    let at = from;
    while (at < this.#end) {
      const code = this.#text.charCodeAt(at++);
      if (code === NEWLINE) return at;
      if (!isCommentCharacter(code)) throw new NotPlain();
    }
    return at;
  }

  /** Nothing but a comment may follow on this line; goes to the next one with something in it. */
  #endLine(): void {
    this.#skipSpaces();
    const code = this.#code();
    if (code === HASH) {
      if (this.#text.charCodeAt(this.#at - 1) !== SPACE) throw new NotPlain();
      this.#at = this.#afterComment(this.#at);
    } else if (code === NEWLINE) this.#at++;
    else if (code !== -1) throw new NotPlain();
    this.#findLine();
  }

  #skipSpaces(): void {
    while (this.#at < this.#end && this.#text.charCodeAt(this.#at) === SPACE) this.#at++;
  }

  /** A block mapping whose keys are in this column. Ends at the first line that is further left. */
  #mapping(column: number): PlainMapping {
    this.#enter();
    const mapping: PlainMapping = {};
    do {
      const key = this.#key();
      // Repeated keys, and names that every object has, are not ours to judge. No value is undefined.
      if (mapping[key] !== undefined) throw new NotPlain();
      mapping[key] = this.#valueOfKey(column);
    } while (this.#indent === column);
    if (this.#indent > column) throw new NotPlain();
    this.#depth--;
    return mapping;
  }

  #enter(): void {
    if (++this.#depth > MAXIMUM_DEPTH) throw new NotPlain();
  }

  /** A plain key with its colon. */
  #key(): string {
    const start = this.#at;
    if (!hasClass(this.#code(), BEGINS_KEY)) throw new NotPlain();
    do this.#at++;
    while (hasClass(this.#code(), CONTINUES_KEY));
    if (this.#code() !== COLON) throw new NotPlain();
    return this.#keyText(start, this.#at++);
  }

  /**
   * The text of a key. Most were seen before, and one of these texts is as good and far cheaper than a new one, which
   * would have to be looked up among all texts that are names.
   */
  #keyText(start: number, end: number): string {
    const text = this.#text;
    const slot = (text.charCodeAt(start) * 7 + text.charCodeAt(end - 1) * 31 + (end - start)) % KEY_SLOTS;
    const seen = this.#keys[slot];
    if (seen?.length === end - start && this.#text.startsWith(seen, start)) return seen;
    const key = this.#text.slice(start, end);
    if (WORDS.has(key)) throw new NotPlain();
    this.#keys[slot] = key;
    return key;
  }

  /** What stands behind a key's colon, or below it. */
  #valueOfKey(column: number): unknown {
    const separated = this.#code();
    if (separated !== SPACE && separated !== NEWLINE && separated !== -1) throw new NotPlain();
    this.#skipSpaces();
    const code = this.#code();
    if (code !== NEWLINE && code !== HASH && code !== -1) return this.#inlineValue(code);
    this.#endLine();
    if (this.#indent > column) return this.#block();
    // A sequence may stand as far left as the key that it belongs to.
    return this.#indent === column && this.#atDash() ? this.#sequence(column) : null;
  }

  /** A value that begins and ends on this line. */
  #inlineValue(code: number): unknown {
    const value = this.#scalarOrFlow(code, false);
    this.#endLine();
    return value;
  }

  #block(): unknown {
    if (this.#atDash()) return this.#sequence(this.#indent);
    return this.#mapping(this.#indent);
  }

  /** At the dash of a sequence's item, not of a number or a document's marker. */
  #atDash(): boolean {
    if (this.#code() !== DASH) return false;
    const next = this.#at + 1 < this.#end ? this.#text.charCodeAt(this.#at + 1) : NEWLINE;
    return next === SPACE || next === NEWLINE;
  }

  #sequence(column: number): unknown[] {
    this.#enter();
    const items: unknown[] = [];
    do {
      this.#at++;
      items.push(this.#item(column));
    } while (this.#indent === column && this.#atDash());
    if (this.#indent > column) throw new NotPlain();
    this.#depth--;
    return items;
  }

  /** What stands behind the dash in this column, or below it. */
  #item(column: number): unknown {
    const dash = this.#at;
    this.#skipSpaces();
    const code = this.#code();
    if (code === NEWLINE || code === HASH || code === -1) {
      this.#endLine();
      return this.#indent > column ? this.#block() : null;
    }
    const inner = column + 1 + this.#at - dash;
    if (this.#isKeyHere()) {
      this.#indent = inner;
      return this.#mapping(inner);
    }
    if (this.#atDash()) {
      this.#indent = inner;
      return this.#sequence(inner);
    }
    return this.#inlineValue(code);
  }

  /** Whether a plain key begins here, so that this is a mapping. */
  #isKeyHere(): boolean {
    let at = this.#at;
    if (!hasClass(this.#code(), BEGINS_KEY)) return false;
    do at++;
    while (at < this.#end && hasClass(this.#text.charCodeAt(at), CONTINUES_KEY));
    if (at >= this.#end || this.#text.charCodeAt(at) !== COLON) return false;
    const next = at + 1 < this.#end ? this.#text.charCodeAt(at + 1) : NEWLINE;
    return next === SPACE || next === NEWLINE;
  }

  #scalarOrFlow(code: number, inFlow: boolean): unknown {
    if (code === LEFT_BRACKET || code === LEFT_BRACE) return this.#flow(code);
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) return this.#quoted(code);
    return this.#plain(inFlow);
  }

  /** A quoted scalar on one line without anything that stands for something else. */
  #quoted(quote: number): string {
    const start = ++this.#at;
    for (; ; this.#at++) {
      const code = this.#code();
      if (code === quote) break;
      if (code === BACKSLASH && quote === DOUBLE_QUOTE) throw new NotPlain();
      if (!isPlainCharacter(code)) throw new NotPlain();
    }
    const value = this.#text.slice(start, this.#at++);
    // Two single quotes stand for one.
    if (this.#code() === quote) throw new NotPlain();
    return value;
  }

  /** A scalar without quotes, on one line. */
  #plain(inFlow: boolean): unknown {
    const text = this.#text;
    const end = this.#end;
    const start = this.#at;
    const first = this.#code();
    if (!hasClass(first, BEGINS_PLAIN) && !this.#beginsPlain(first)) throw new NotPlain();
    let at = start;
    let last = start;
    let digits = true;
    let dots = 0;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === SPACE) continue;
      if (code === NEWLINE) break;
      if (code === HASH && text.charCodeAt(at - 1) === SPACE) break;
      if (code === COLON && this.#separates(at + 1, inFlow)) throw new NotPlain();
      if (inFlow && isFlowIndicator(code)) break;
      if (!isPlainCharacter(code)) throw new NotPlain();
      if (code === DOT) dots++;
      if (code < ZERO || code > NINE) digits = false;
      last = at;
    }
    this.#at = at;
    const length = last + 1 - start;
    if (digits && length <= MAXIMUM_DIGITS && last - start === length - 1) return this.#integer(start, last);
    const scalar = text.slice(start, last + 1);
    // No number has two dots: this spares every IPv4 address a closer look.
    return dots < 2 && hasClass(first, BEGINS_TYPED) ? resolvePlain(scalar) : scalar;
  }

  /** A dash or a colon may begin a scalar where no space follows it. */
  #beginsPlain(first: number): boolean {
    if (first !== DASH && first !== COLON) return false;
    const next = this.#text.charCodeAt(this.#at + 1);
    return hasClass(next, BEGINS_PLAIN) || (first === COLON && next === COLON);
  }

  /** Whether a colon before this offset separates a key from its value. */
  #separates(offset: number, inFlow: boolean): boolean {
    if (offset >= this.#end) return true;
    const code = this.#text.charCodeAt(offset);
    return code === SPACE || code === NEWLINE || (inFlow && isFlowIndicator(code));
  }

  #integer(start: number, last: number): number {
    let value = 0;
    for (let at = start; at <= last; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === SPACE) throw new NotPlain();
      value = value * 10 + code - 0x30;
    }
    return value;
  }

  /** A flow collection. Over several lines only where it is the whole document, as in JSON. */
  #flow(open: number): unknown[] | PlainMapping {
    this.#enter();
    this.#at++;
    const collection = open === LEFT_BRACKET ? this.#flowSequence() : this.#flowMapping();
    this.#depth--;
    return collection;
  }

  #flowSequence(): unknown[] {
    const items: unknown[] = [];
    if (this.#nextInFlow() === RIGHT_BRACKET) {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.#scalarOrFlow(this.#nextInFlow(), true));
      if (this.#afterFlowItem(RIGHT_BRACKET)) return items;
    }
  }

  #flowMapping(): PlainMapping {
    const mapping: PlainMapping = {};
    if (this.#nextInFlow() === RIGHT_BRACE) {
      this.#at++;
      return mapping;
    }
    for (;;) {
      const key = this.#flowKey(this.#nextInFlow());
      if (mapping[key] !== undefined) throw new NotPlain();
      mapping[key] = this.#scalarOrFlow(this.#nextInFlow(), true);
      if (this.#afterFlowItem(RIGHT_BRACE)) return mapping;
    }
  }

  /** A key of a flow mapping with its colon. Behind quotes the colon needs no space. */
  #flowKey(code: number): string {
    if (code !== DOUBLE_QUOTE && code !== SINGLE_QUOTE) {
      const key = this.#key();
      if (this.#code() !== SPACE) throw new NotPlain();
      return key;
    }
    const key = this.#quoted(code);
    if (this.#code() !== COLON) throw new NotPlain();
    this.#at++;
    return key;
  }

  /** The next character that is no space; of the next line too, where that is nobody else's. */
  #nextInFlow(): number {
    this.#skipSpaces();
    while (this.#isFlowDocument && this.#code() === NEWLINE) {
      this.#at++;
      this.#skipSpaces();
    }
    return this.#code();
  }

  /** Steps over the comma behind an item, or over the end: then true. */
  #afterFlowItem(close: number): boolean {
    const code = this.#nextInFlow();
    this.#at++;
    if (code === close) return true;
    if (code !== COMMA) throw new NotPlain();
    const next = this.#nextInFlow();
    if (next === close || next === COMMA) throw new NotPlain();
    return false;
  }
}

function hasClass(code: number, wanted: number): boolean {
  return ((CLASSES[code] ?? 0) & wanted) !== 0;
}

function isFlowIndicator(code: number): boolean {
  return (
    code === COMMA || code === LEFT_BRACKET || code === RIGHT_BRACKET || code === LEFT_BRACE || code === RIGHT_BRACE
  );
}

/** Printable, and nothing that some version of YAML takes for a line break or a byte order mark. */
function isPlainCharacter(code: number): boolean {
  return (code >= SPACE && code < 0x7f) || (code >= 0xa0 && code < 0xd800 && code !== 0x2028 && code !== 0x2029);
}

function isCommentCharacter(code: number): boolean {
  return isPlainCharacter(code);
}

/** The value of a scalar that looks like no string at first. Numbers that are no short integers are left alone. */
function resolvePlain(scalar: string): unknown {
  const word = WORDS.get(scalar);
  if (word !== undefined) return word;
  if (NUMBER.test(scalar)) throw new NotPlain();
  return scalar;
}
