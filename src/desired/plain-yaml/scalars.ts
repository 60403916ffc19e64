import {
  BACKSLASH,
  BEGINS_PLAIN,
  BEGINS_TYPED,
  COLON,
  CONTINUES_PLAIN,
  DASH,
  DIGIT,
  DOUBLE_QUOTE,
  hasClass,
  HASH,
  isFlowIndicator,
  isPlainCharacter,
  NEWLINE,
  SPACE,
  ZERO,
} from './characters.js';
import { NotPlain, peek, WORDS } from './cursor.js';
import type { Cursor } from './cursor.js';

const NUMBER =
  /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
/** More digits could be more than a number holds exactly. */
const MAXIMUM_DIGITS = 15;

/** A quoted scalar on one line without anything that stands for something else. */
export function readQuoted(cursor: Cursor, quote: number): string {
  const start = ++cursor.at;
  for (; ; cursor.at++) {
    const code = peek(cursor);
    if (code === quote) break;
    if (code === BACKSLASH && quote === DOUBLE_QUOTE) throw new NotPlain();
    if (!isPlainCharacter(code)) throw new NotPlain();
  }
  const value = cursor.text.slice(start, cursor.at++);
  // Two single quotes stand for one.
  if (peek(cursor) === quote) throw new NotPlain();
  return value;
}

/** A scalar without quotes, on one line. */
export function readPlain(cursor: Cursor, inFlow: boolean): unknown {
  const start = cursor.at;
  const first = peek(cursor);
  if (!hasClass(first, BEGINS_PLAIN) && !beginsPlain(cursor, first)) throw new NotPlain();
  const end = endOfPlain(cursor, inFlow);
  cursor.at = end;
  if (!hasClass(first, BEGINS_TYPED)) return cursor.text.slice(start, end);
  return readInteger(cursor.text, start, end) ?? resolvePlain(cursor.text.slice(start, end));
}

/** Where the plain scalar ends that begins at the cursor: before the spaces behind it. */
function endOfPlain({ text, at: start, end }: Cursor, inFlow: boolean): number {
  let at = start;
  for (;;) {
    while (at < end && hasClass(text.charCodeAt(at), CONTINUES_PLAIN)) at++;
    const code = at < end ? text.charCodeAt(at) : NEWLINE;
    if (code === NEWLINE || (inFlow && isFlowIndicator(code))) return at;
    if (code === SPACE) {
      const next = skipSpaceAt(text, at, end);
      const following = next < end ? text.charCodeAt(next) : NEWLINE;
      if (following === NEWLINE || following === HASH || (inFlow && isFlowIndicator(following))) return at;
      at = next;
    } else if (!isPlainCharacter(code) || (code === COLON && separates(text, at + 1, end, inFlow))) {
      throw new NotPlain();
    } else at++;
  }
}

function skipSpaceAt(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** A dash or a colon may begin a scalar where no space follows it. */
function beginsPlain(cursor: Cursor, first: number): boolean {
  if (first !== DASH && first !== COLON) return false;
  const next = cursor.text.charCodeAt(cursor.at + 1);
  return hasClass(next, BEGINS_PLAIN) || (first === COLON && next === COLON);
}

/** Whether a colon before this offset separates a key from its value. */
function separates(text: string, offset: number, end: number, inFlow: boolean): boolean {
  if (offset >= end) return true;
  const code = text.charCodeAt(offset);
  return code === SPACE || code === NEWLINE || (inFlow && isFlowIndicator(code));
}

/** The number that a few digits are; `undefined` for any other text. */
function readInteger(text: string, start: number, end: number): number | undefined {
  if (end - start > MAXIMUM_DIGITS) return undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!hasClass(code, DIGIT)) return undefined;
    value = value * 10 + code - ZERO;
  }
  return value;
}

/** The value of a scalar that looks like no string at first. Numbers that are no short integers are left alone. */
function resolvePlain(scalar: string): unknown {
  // No number has two dots: this spares every IPv4 address a closer look.
  const dot = scalar.indexOf('.');
  if (dot >= 0 && scalar.includes('.', dot + 1)) return scalar;
  const word = WORDS.get(scalar);
  if (word !== undefined) return word;
  if (NUMBER.test(scalar)) throw new NotPlain();
  return scalar;
}
