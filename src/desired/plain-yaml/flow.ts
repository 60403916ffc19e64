import {
  COLON,
  COMMA,
  DOUBLE_QUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  NEWLINE,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  SINGLE_QUOTE,
  SPACE,
} from './characters.js';
import { enter, NotPlain, peek, readKey, skipSpaces } from './cursor.js';
import type { Cursor } from './cursor.js';
import { readPlain, readQuoted } from './scalars.js';

/** A value that begins and ends on one line. */
export function readInline(cursor: Cursor, code: number, inFlow: boolean): unknown {
  if (code === LEFT_BRACKET || code === LEFT_BRACE) return readFlow(cursor, code);
  if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) return readQuoted(cursor, code);
  return readPlain(cursor, inFlow);
}

/** A flow collection. Over several lines only where it is the whole document, as in JSON; else documents share it. */
export function readFlow(cursor: Cursor, open: number): object {
  enter(cursor);
  cursor.at++;
  const collection = open === LEFT_BRACKET ? readFlowSequence(cursor) : readFlowMapping(cursor);
  cursor.depth--;
  return cursor.isFlowDocument ? collection : Object.freeze(collection);
}

function readFlowSequence(cursor: Cursor): unknown[] {
  const items: unknown[] = [];
  if (nextInFlow(cursor) === RIGHT_BRACKET) {
    cursor.at++;
    return items;
  }
  for (;;) {
    items.push(readInline(cursor, nextInFlow(cursor), true));
    if (afterFlowItem(cursor, RIGHT_BRACKET)) return items;
  }
}

function readFlowMapping(cursor: Cursor): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  if (nextInFlow(cursor) === RIGHT_BRACE) {
    cursor.at++;
    return mapping;
  }
  for (;;) {
    const key = readFlowKey(cursor, nextInFlow(cursor));
    if (mapping[key] !== undefined) throw new NotPlain();
    mapping[key] = readInline(cursor, nextInFlow(cursor), true);
    if (afterFlowItem(cursor, RIGHT_BRACE)) return mapping;
  }
}

/** A key of a flow mapping with its colon. Behind quotes the colon needs no space. */
function readFlowKey(cursor: Cursor, code: number): string {
  if (code !== DOUBLE_QUOTE && code !== SINGLE_QUOTE) {
    const key = readKey(cursor);
    if (peek(cursor) !== SPACE) throw new NotPlain();
    return key;
  }
  const key = readQuoted(cursor, code);
  if (peek(cursor) !== COLON) throw new NotPlain();
  cursor.at++;
  return key;
}

/** The next character that is no space; of the next line too, where that is nobody else's. */
function nextInFlow(cursor: Cursor): number {
  skipSpaces(cursor);
  while (cursor.isFlowDocument && peek(cursor) === NEWLINE) {
    cursor.at++;
    skipSpaces(cursor);
  }
  return peek(cursor);
}

/** Steps over the comma behind an item, or over the end: then true. */
function afterFlowItem(cursor: Cursor, close: number): boolean {
  const code = nextInFlow(cursor);
  cursor.at++;
  if (code === close) return true;
  if (code !== COMMA) throw new NotPlain();
  const next = nextInFlow(cursor);
  if (next === close || next === COMMA) throw new NotPlain();
  return false;
}
