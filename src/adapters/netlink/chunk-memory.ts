import type { Reading } from './table-records.js';

interface Chunk<Service> {
  readonly bytes: Uint8Array;
  readonly readings: readonly Reading<Service>[];
}

/**
 * The chunks of the last whole read of a table, and what they were unpacked to. The kernel lists a table that nobody
 * changes in the same order, so the next read comes in the same chunks: what is the same needs no unpacking, and is
 * no garbage a moment later.
 */
export class ChunkMemory<Service> {
  #last: readonly Chunk<Service>[] = [];

  begin(): Recollection<Service> {
    return new Recollection(this.#last, (chunks) => {
      this.#last = chunks;
    });
  }
}

/** One read beside the last one. */
export class Recollection<Service> {
  readonly #before: readonly Chunk<Service>[];
  readonly #now: Chunk<Service>[] = [];
  readonly #keep: (chunks: readonly Chunk<Service>[]) => void;

  constructor(before: readonly Chunk<Service>[], keep: (chunks: readonly Chunk<Service>[]) => void) {
    this.#before = before;
    this.#keep = keep;
  }

  /** The readings of the next chunk, where the last read had the same one in its place. */
  recall(buffer: ArrayBuffer): readonly Reading<Service>[] | undefined {
    const chunk = this.#before[this.#now.length];
    if (chunk === undefined || Buffer.compare(chunk.bytes, new Uint8Array(buffer)) !== 0) return undefined;
    this.#now.push(chunk);
    return chunk.readings;
  }

  /** Notes what the next chunk is that could not be recalled. */
  note(buffer: ArrayBuffer, readings: readonly Reading<Service>[]): void {
    this.#now.push({ bytes: new Uint8Array(buffer), readings });
  }

  /** The read is complete: the next one is compared with it. */
  end(): void {
    this.#keep(this.#now);
  }
}
