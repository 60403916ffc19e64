import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';
import type { Event, ScalarEvent } from 'js-yaml';
import type { SourceLocation } from '../errors/index.js';
import type { DocumentSource } from './declared.js';
import type { Fault } from './faults.js';

/** Finds where faults stand in the text. Needs texts that parse; loaded only when there is a fault. */

/** The locations of some faults of one document, in their order; their paths begin at the document, not at an object. */
export function locateFaults(source: DocumentSource, faults: readonly Fault[]): readonly SourceLocation[] {
  const part = source.text.slice(source.start, source.end);
  const root = new TreeBuilder(part, parseEvents(part, {})).document(source.index);
  const offsets = faults.map((fault) => {
    const offset = root === undefined ? 0 : offsetOf(root, fault.path, fault.atKey === true);
    return source.start + offset;
  });
  return locateOffsets(source.file, source.text, offsets);
}

/** Line and column of an offset, both counted from 1. */
export function locateOffset(file: string, text: string, offset: number): SourceLocation {
  return lineCounter(file, text)(offset);
}

/** The same for many, in their order: the text is gone through once, however many there are. */
function locateOffsets(file: string, text: string, offsets: readonly number[]): readonly SourceLocation[] {
  const locate = lineCounter(file, text);
  const ascending = [...new Set(offsets)].sort((a, b) => a - b);
  const locations = new Map(ascending.map((offset) => [offset, locate(offset)]));
  return offsets.map((offset) => locations.get(offset) ?? { file, line: 0, column: 0 });
}

/** Counts on from where the last offset was: none may be before the one that was asked for last. */
function lineCounter(file: string, text: string): (offset: number) => SourceLocation {
  let line = 1;
  let lineStart = 0;
  let next = text.indexOf('\n');
  return (offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = next + 1;
    }
    return { file, line, column: offset - lineStart + 1 };
  };
}

/** A node of a document: where it begins, and what it holds. */
interface PlacedNode {
  readonly offset: number;
  readonly children: ReadonlyMap<string | number, { readonly keyOffset: number; readonly node: PlacedNode }>;
}

/** As near to the path as the document goes: a missing field is where the mapping is that lacks it. */
function offsetOf(root: PlacedNode, path: DocumentSource['root'], atKey: boolean): number {
  let node = root;
  for (const [depth, segment] of path.entries()) {
    const child = node.children.get(segment);
    if (child === undefined) break;
    if (atKey && depth === path.length - 1) return child.keyOffset;
    node = child.node;
  }
  return node.offset;
}

class TreeBuilder {
  readonly #text: string;
  readonly #events: readonly Event[];
  #at = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  document(index: number): PlacedNode | undefined {
    let seen = -1;
    while (this.#at < this.#events.length) {
      if (this.#events[this.#at++]?.type === EVENT_ID.DOCUMENT && ++seen === index) return this.#node(0);
    }
    return undefined;
  }

  /** The node that begins at the next event. One without text of its own is where its key is. */
  #node(keyOffset: number): PlacedNode {
    const event = this.#events[this.#at++];
    const children = new Map<string | number, { keyOffset: number; node: PlacedNode }>();
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return { offset: event.valueStart < 0 ? keyOffset : scalarOffset(event), children };
      case EVENT_ID.ALIAS:
        return { offset: event.anchorStart - 1, children };
      case EVENT_ID.SEQUENCE:
        for (let i = 0; !this.#ended(); i++) {
          const node = this.#node(event.start);
          children.set(i, { keyOffset: node.offset, node });
        }
        return { offset: event.start, children };
      case EVENT_ID.MAPPING:
        while (!this.#ended()) {
          const key = this.#events[this.#at];
          const keyNode = this.#node(event.start);
          const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, key) : '';
          children.set(name, { keyOffset: keyNode.offset, node: this.#node(keyNode.offset) });
        }
        return { offset: event.start, children };
      default:
        return { offset: keyOffset, children };
    }
  }

  /** Whether the collection ends here; steps over its end if so. */
  #ended(): boolean {
    const type = this.#events[this.#at]?.type;
    if (type !== EVENT_ID.POP && type !== undefined) return false;
    this.#at++;
    return true;
  }
}

function scalarOffset(event: ScalarEvent): number {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return quoted ? event.valueStart - 1 : event.valueStart;
}
