import { setTimeout as sleep } from 'node:timers/promises';
import type { IpvsKernel, KernelTable } from '../../src/kernel/index.js';

/**
 * Reads the table all the time, and writes down every service that it found without a server that takes connections,
 * or not at all, while that service was guarded.
 */
export class Sampler {
  readonly #kernel: IpvsKernel;
  /** Keys, and since which read. */
  readonly #guarded = new Map<string, number>();
  readonly #gaps: string[] = [];
  #reads = 0;
  #longestMilliseconds = 0;

  constructor(kernel: IpvsKernel) {
    this.#kernel = kernel;
  }

  get gaps(): readonly string[] {
    return this.#gaps;
  }

  get reads(): number {
    return this.#reads;
  }

  /** Between the ends of two reads. */
  get longestMilliseconds(): number {
    return this.#longestMilliseconds;
  }

  /** @param keys `TCP 10.0.0.1:80`: services that have servers now, and may not be without one from now on */
  guard(keys: Iterable<string>): void {
    for (const key of keys) if (!this.#guarded.has(key)) this.#guarded.set(key, this.#reads);
  }

  /** Before something happens after which it may be without servers. */
  release(key: string): void {
    this.#guarded.delete(key);
  }

  releaseAll(): void {
    this.#guarded.clear();
  }

  async run(signal: AbortSignal): Promise<void> {
    let last = performance.now();
    while (!signal.aborted) {
      const table = await this.#kernel.readTable();
      this.#check(table);
      this.#reads++;
      const now = performance.now();
      this.#longestMilliseconds = Math.max(this.#longestMilliseconds, now - last);
      last = now;
      await sleep(PAUSE_MILLISECONDS);
    }
  }

  #check(table: KernelTable): void {
    for (const [key, since] of this.#guarded) {
      // The read may have begun before the service was whole.
      if (since === this.#reads) continue;
      const service = table.get(key);
      if (service?.servers.some(({ weight }) => weight > 0) === true) continue;
      this.#gaps.push(`${key} ${service === undefined ? 'was not there' : 'had no server'}`);
      this.#guarded.delete(key);
    }
  }
}

/** The machine has other work. */
const PAUSE_MILLISECONDS = 20;
