import type { Durations } from './converge-types.js';

/** Adds up how long the phases take. */
export class Stopwatch {
  readonly #nowMilliseconds: () => number;
  readonly #sums = { readMilliseconds: 0, planMilliseconds: 0, applyMilliseconds: 0 };

  constructor(nowMilliseconds: () => number) {
    this.#nowMilliseconds = nowMilliseconds;
  }

  async measure<T>(phase: keyof Durations, action: () => T | Promise<T>): Promise<T> {
    const start = this.#nowMilliseconds();
    try {
      return await action();
    } finally {
      this.#sums[phase] += this.#nowMilliseconds() - start;
    }
  }

  durations(): Durations {
    return { ...this.#sums };
  }
}
