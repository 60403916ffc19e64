import { readdirSync, readlinkSync } from 'node:fs';

const BINS_PER_MILLISECOND = 10;
const MOST_MILLISECONDS = 5_000;

/** Amounts of time, counted in tenths of a millisecond: millions of them take no room. */
class Spread {
  readonly #counts = new Uint32Array(BINS_PER_MILLISECOND * MOST_MILLISECONDS + 1);
  #total = 0;
  #longest = 0;

  add(milliseconds: number): void {
    this.#longest = Math.max(this.#longest, milliseconds);
    const bin = Math.min(this.#counts.length - 1, Math.floor(milliseconds * BINS_PER_MILLISECOND));
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    this.#total++;
  }

  /** What this share of the amounts does not exceed, in milliseconds. */
  quantile(share: number): number {
    if (share >= 1) return this.#longest;
    let left = share * this.#total;
    for (const [bin, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return (bin + 1) / BINS_PER_MILLISECOND;
    }
    return 0;
  }
}

/** The starts of each target's probes, beside the times when they were due. */
export class Punctuality {
  /** By how much two starts in a row were more or less than the interval apart. */
  readonly jitter = new Spread();
  readonly #intervalMilliseconds: number;
  readonly #byTarget = new Map<string, { readonly first: number; last: number; count: number }>();

  constructor(intervalMilliseconds: number) {
    this.#intervalMilliseconds = intervalMilliseconds;
  }

  note(target: string, milliseconds: number): void {
    const starts = this.#byTarget.get(target);
    if (starts === undefined) {
      this.#byTarget.set(target, { first: milliseconds, last: milliseconds, count: 1 });
      return;
    }
    this.jitter.add(Math.abs(milliseconds - starts.last - this.#intervalMilliseconds));
    starts.last = milliseconds;
    starts.count++;
  }

  get probes(): number {
    return [...this.#byTarget.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** Of all targets, the probes that were due between their first one and this moment, and were not made. */
  missed(nowMilliseconds: number): number {
    let missed = 0;
    for (const { first, count } of this.#byTarget.values()) {
      // One that is due just now may be late by its jitter.
      const due = Math.floor((nowMilliseconds - first) / this.#intervalMilliseconds - 0.5) + 1;
      missed += Math.max(0, due - count);
    }
    return missed;
  }

  /** How far the last start of a target was from where it would be after whole intervals since its first: the median. */
  driftMilliseconds(): number {
    const drifts = [...this.#byTarget.values()].map(({ first, last }) => {
      const off = (last - first) % this.#intervalMilliseconds;
      return off > this.#intervalMilliseconds / 2 ? off - this.#intervalMilliseconds : off;
    });
    return drifts.sort((a, b) => a - b)[drifts.length >> 1] ?? 0;
  }
}

/** How many sockets this process has open. */
export function countSockets(): number {
  return readdirSync('/proc/self/fd').filter((file) => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`).startsWith('socket:');
    } catch {
      // That of the listing itself is gone.
      return false;
    }
  }).length;
}
