import {
  BACKSLASH,
  BEGINS_PLAIN,
  BEGINS_TYPED,
  COLON,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  hasClass,
  HASH,
  isFlowIndicator,
  isPlainCharacter,
  NEWLINE,
  NINE,
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
  const text = cursor.text;
  const end = cursor.end;
  const start = cursor.at;
  const first = peek(cursor);
  if (!hasClass(first, BEGINS_PLAIN) && !beginsPlain(cursor, first)) throw new NotPlain();
  let at = start;
  let last = start;
  let digits = true;
  let dots = 0;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE) continue;
    if (code === NEWLINE) break;
    if (code === HASH && text.charCodeAt(at - 1) === SPACE) break;
    if (code === COLON && separates(cursor, at + 1, inFlow)) throw new NotPlain();
    if (inFlow && isFlowIndicator(code)) break;
    if (!isPlainCharacter(code)) throw new NotPlain();
    if (code === DOT) dots++;
    if (code < ZERO || code > NINE) digits = false;
    last = at;
  }
  cursor.at = at;
  if (digits && last - start < MAXIMUM_DIGITS) return readInteger(cursor, start, last);
  const scalar = text.slice(start, last + 1);
  // No number has two dots: this spares every IPv4 address a closer look.
  return dots < 2 && hasClass(first, BEGINS_TYPED) ? resolvePlain(scalar) : scalar;
}

/** A dash or a colon may begin a scalar where no space follows it. */
function beginsPlain(cursor: Cursor, first: number): boolean {
  if (first !== DASH && first !== COLON) return false;
  const next = cursor.text.charCodeAt(cursor.at + 1);
  return hasClass(next, BEGINS_PLAIN) || (first === COLON && next === COLON);
}

/** Whether a colon before this offset separates a key from its value. */
function separates(cursor: Cursor, offset: number, inFlow: boolean): boolean {
  if (offset >= cursor.end) return true;
  const code = cursor.text.charCodeAt(offset);
  return code === SPACE || code === NEWLINE || (inFlow && isFlowIndicator(code));
}

function readInteger(cursor: Cursor, start: number, last: number): number {
  let value = 0;
  for (let at = start; at <= last; at++) {
    const code = cursor.text.charCodeAt(at);
    if (code === SPACE) throw new NotPlain();
    value = value * 10 + code - ZERO;
  }
  return value;
}

/** The value of a scalar that looks like no string at first. Numbers that are no short integers are left alone. */
function resolvePlain(scalar: string): unknown {
  const word = WORDS.get(scalar);
  if (word !== undefined) return word;
  if (NUMBER.test(scalar)) throw new NotPlain();
  return scalar;
}
