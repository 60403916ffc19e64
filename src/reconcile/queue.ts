export interface BackOff {
  readonly baseMilliseconds: number;
  readonly maximumMilliseconds: number;
}

/** Keys that failed are tried again at whole multiples of this, so that many of them are few rounds. */
const TICK_MILLISECONDS = 250;

interface FailedKey {
  readonly attempts: number;
  readonly nextTryMilliseconds: number;
}

/**
 * Keys to look at: now, because something said so, or later, because they failed. A key is in it once, however often it
 * is added. Knows no time by itself.
 */
export class KeyQueue {
  readonly #backOff: BackOff;
  readonly #random: () => number;
  #due = new Set<string>();
  readonly #failed = new Map<string, FailedKey>();
  /** The keys that wait, by when they are due. */
  readonly #waiting = new Map<number, Set<string>>();

  constructor(backOff: BackOff, random: () => number) {
    this.#backOff = backOff;
    this.#random = random;
  }

  get dueCount(): number {
    return this.#due.size;
  }

  /** Whether something said about the key that it has to be looked at, and nobody did yet. */
  isDue(key: string): boolean {
    return this.#due.has(key);
  }

  /** Keys that failed at their last try. */
  get failed(): ReadonlyMap<string, FailedKey> {
    return this.#failed;
  }

  /** What may be different now is looked at now, whether or not it waits after a failure. */
  add(keys: Iterable<string>): void {
    for (const key of keys) {
      this.#due.add(key);
      this.#stopWaiting(key);
    }
  }

  /** When the next key is due; `undefined` where there is none. */
  nextMilliseconds(): number | undefined {
    if (this.#due.size > 0) return -Infinity;
    let next: number | undefined;
    for (const time of this.#waiting.keys()) if (next === undefined || time < next) next = time;
    return next;
  }

  /** Takes the keys that are due. They still count as failed until they are settled. */
  take(nowMilliseconds: number): ReadonlySet<string> {
    const keys = this.#due;
    this.#due = new Set();
    for (const [time, waiting] of [...this.#waiting]) {
      if (time > nowMilliseconds) continue;
      for (const key of waiting) keys.add(key);
      this.#waiting.delete(time);
    }
    return keys;
  }

  /** Takes all keys, due or not. */
  takeAll(): ReadonlySet<string> {
    return this.take(Infinity);
  }

  succeed(key: string): void {
    this.#stopWaiting(key);
    this.#failed.delete(key);
  }

  fail(key: string, nowMilliseconds: number): void {
    this.#stopWaiting(key);
    const attempts = (this.#failed.get(key)?.attempts ?? 0) + 1;
    const time = nowMilliseconds + delayMilliseconds(attempts, this.#backOff, this.#random);
    const nextTryMilliseconds = Math.ceil(time / TICK_MILLISECONDS) * TICK_MILLISECONDS;
    this.#failed.set(key, { attempts, nextTryMilliseconds });
    const waiting = this.#waiting.get(nextTryMilliseconds);
    if (waiting === undefined) this.#waiting.set(nextTryMilliseconds, new Set([key]));
    else waiting.add(key);
  }

  #stopWaiting(key: string): void {
    const time = this.#failed.get(key)?.nextTryMilliseconds;
    if (time === undefined) return;
    const waiting = this.#waiting.get(time);
    waiting?.delete(key);
    if (waiting?.size === 0) this.#waiting.delete(time);
  }
}

/** Doubles with every attempt up to the maximum; half of it is by chance, so that many do not come at once. */
export function delayMilliseconds(attempts: number, backOff: BackOff, random: () => number): number {
  const whole = Math.min(backOff.maximumMilliseconds, backOff.baseMilliseconds * 2 ** (attempts - 1));
  return whole * (0.5 + random() / 2);
}
