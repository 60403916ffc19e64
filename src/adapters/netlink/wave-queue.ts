import { splitIntoWaves } from '../../kernel/index.js';
import type { Wave } from '../../kernel/index.js';
import type { Operation } from '../../model/index.js';

/** The waves of some operations, cut as they are needed, that can be put back. */
export class WaveQueue {
  readonly #fresh: Iterator<Wave, undefined>;
  /** The next one is last. */
  readonly #returned: Wave[] = [];

  constructor(operations: readonly Operation[], maximumLength: number) {
    this.#fresh = splitIntoWaves(operations, maximumLength);
  }

  next(): Wave | undefined {
    const returned = this.#returned.pop();
    if (returned !== undefined) return returned;
    return this.#fresh.next().value;
  }

  /** Waves in the order in which they shall come again. */
  putBack(waves: readonly Wave[]): void {
    for (let i = waves.length - 1; i >= 0; i--) {
      const wave = waves[i];
      if (wave !== undefined) this.#returned.push(wave);
    }
  }
}
