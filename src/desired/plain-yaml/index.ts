/**
 * Reads the plain part of YAML in which nearly all files are written, many times faster than a complete parser: block
 * mappings and sequences, flow collections, plain and simply quoted scalars, comments. Whatever is unusual
 * (anchors, tags, block scalars, escapes, scalars over several lines, tabs, odd keys, faults) it refuses, so that the
 * complete parser decides. What it takes, it takes as that one does: the tests hold both to the same values.
 */
import { BlockReader } from './blocks.js';
import { LEFT_BRACE } from './characters.js';
import { endLine, NotPlain, peek, skipSpaces } from './cursor.js';
import type { Cursor } from './cursor.js';
import { readFlow } from './flow.js';
import { SharedParts } from './lines.js';

const MARKER = '---';

/** Reads documents, and remembers what their lines say. What several of them share is frozen. */
export class PlainYamlReader {
  readonly #shared = new SharedParts();

  /** The one document between two offsets, which may begin with a `---` line; `undefined` where it is not plain. */
  read(text: string, start: number, end: number): object | undefined {
    this.#shared.trim();
    try {
      return this.#readDocument(text, start, end);
    } catch (error) {
      if (error instanceof NotPlain) return undefined;
      throw error;
    }
  }

  #readDocument(text: string, start: number, end: number): object {
    const cursor = { text, end, at: start, depth: 0, isFlowDocument: true };
    if (text.startsWith(MARKER, start)) {
      cursor.at += MARKER.length;
      endLine(cursor);
    }
    return this.#readFlowDocument(cursor) ?? new BlockReader(text, cursor.at, end, this.#shared).readDocument();
  }

  /** A document that is one flow collection; `undefined` where it does not begin as one, and then nothing is moved. */
  #readFlowDocument(cursor: Cursor): object | undefined {
    const start = cursor.at;
    skipSpaces(cursor);
    const first = peek(cursor);
    if (first !== LEFT_BRACE) {
      cursor.at = start;
      return undefined;
    }
    const value = readFlow(cursor, first);
    while (cursor.at < cursor.end) endLine(cursor);
    return value;
  }
}
