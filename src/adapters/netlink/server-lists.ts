import { SERVER } from './record-layout.js';

/** More lists than these are not remembered, nor are longer ones. */
const MAXIMUM_REMEMBERED = 4096;
const MAXIMUM_WORDS = 4096;

interface KnownList<Server> {
  readonly words: Uint32Array;
  readonly start: number;
  readonly end: number;
  readonly servers: readonly Server[];
}

/**
 * The lists of real servers that one read of one shape brought: services that have the same servers share one. By their
 * first servers' addresses, the last list of each.
 */
export class ServerLists<Server> {
  readonly #lists = new Map<number, KnownList<Server>>();

  /** What the records between two offsets were unpacked to before; `undefined` where they are others. */
  recall(words: Uint32Array, start: number, end: number): readonly Server[] | undefined {
    const known = this.#lists.get(listNumber(words, start, end));
    if (known === undefined || !areSameWords(known, words, start >> 2, end >> 2)) return undefined;
    return known.servers;
  }

  note(words: Uint32Array, start: number, end: number, servers: readonly Server[]): void {
    if (end - start > MAXIMUM_WORDS * 4) return;
    if (this.#lists.size >= MAXIMUM_REMEMBERED) this.#lists.clear();
    this.#lists.set(listNumber(words, start, end), { words, start: start >> 2, end: end >> 2, servers });
  }
}

/** Signed, so that it is a small integer to V8. The first server's address, and how long the list is. */
function listNumber(words: Uint32Array, start: number, end: number): number {
  return ((words[(start + SERVER.address) >> 2] ?? 0) ^ (end - start)) | 0;
}

function areSameWords(known: KnownList<unknown>, words: Uint32Array, start: number, end: number): boolean {
  if (known.end - known.start !== end - start) return false;
  const before = known.words;
  for (let i = start, j = known.start; i < end; i++, j++) if (words[i] !== before[j]) return false;
  return true;
}
