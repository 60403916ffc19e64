import { ApiError } from './api-error.js';
import { backOffMilliseconds } from './pacing.js';
import type { Pacing } from './pacing.js';
import { Waker } from './waker.js';

export interface WriteQueueOptions {
  readonly pacing: Pacing;
  /** So many writes in the long run, */
  readonly writesPerSecond: number;
  /** and so many at once after a rest. */
  readonly burst: number;
  /**
   * Brings the object up to date; false where there was nothing to write. What an `ApiError` is thrown for is tried again
   * later, in which it looks anew at what there is to write.
   */
  readonly write: (object: string, signal: AbortSignal) => Promise<boolean>;
  /** Is told what is tried again, and never more than once of one object until it works. */
  readonly onTrouble: (object: string, error: ApiError) => void;
}

const NOT_FOUND = 404;
const CONFLICT = 409;
/** An answer that will hardly be another one soon: no permission, a definition that does not know the field. */
const REFUSED_SECONDS = 60;

/** Writes objects one after the other at a bounded rate. However often one is named meanwhile, it is written once. */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #due = new Set<string>();
  /** When the others are due. */
  readonly #later = new Map<string, number>();
  readonly #attempts = new Map<string, number>();
  #tokens: number;
  #filledAt: number;
  readonly #waker: Waker;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.pacing.nowMilliseconds();
    this.#waker = new Waker(options.pacing);
  }

  /** Of several times the earliest counts; what waits after a failure waits on. */
  add(object: string, delayMilliseconds = 0): void {
    if (this.#due.has(object) || this.#attempts.has(object)) return;
    if (delayMilliseconds === 0) {
      this.#later.delete(object);
      this.#due.add(object);
    } else this.#postpone(object, delayMilliseconds);
    this.#waker.wake();
  }

  forget(object: string): void {
    this.#due.delete(object);
    this.#later.delete(object);
    this.#attempts.delete(object);
  }

  clear(): void {
    this.#due.clear();
    this.#later.clear();
    this.#attempts.clear();
  }

  /** Until the signal aborts. A rejection is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const rest = this.#restMilliseconds();
      if (rest > 0) {
        await this.#waker.sleep(rest, signal);
        continue;
      }
      const [object] = this.#due;
      if (object !== undefined) await this.#write(object, signal);
    }
  }

  async #write(object: string, signal: AbortSignal): Promise<void> {
    this.#due.delete(object);
    const attempts = (this.#attempts.get(object) ?? 0) + 1;
    this.#attempts.delete(object);
    try {
      if (await this.#options.write(object, signal)) this.#tokens--;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#tokens--;
      if (error.status === NOT_FOUND) this.forget(object);
      else this.#retry(object, attempts, error);
    }
  }

  #retry(object: string, attempts: number, error: ApiError): void {
    this.#attempts.set(object, attempts);
    if (attempts === 1 && error.status !== CONFLICT) this.#options.onTrouble(object, error);
    const isRefusal = error.status >= 400 && error.status < 500 && error.status !== CONFLICT && error.status !== 429;
    const least = isRefusal ? REFUSED_SECONDS : (error.retryAfterSeconds ?? 0);
    this.#due.delete(object);
    this.#later.delete(object);
    this.#postpone(object, Math.max(least * 1000, backOffMilliseconds(attempts, this.#options.pacing.random)));
  }

  #postpone(object: string, delayMilliseconds: number): void {
    const time = this.#options.pacing.nowMilliseconds() + delayMilliseconds;
    this.#later.set(object, Math.min(time, this.#later.get(object) ?? Infinity));
  }

  /** How long nothing can be written: none is due, or there were too many. */
  #restMilliseconds(): number {
    const { writesPerSecond, burst, pacing } = this.#options;
    const now = pacing.nowMilliseconds();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * writesPerSecond);
    this.#filledAt = now;
    let next = Infinity;
    for (const [object, time] of this.#later) {
      if (time > now) next = Math.min(next, time);
      else {
        this.#later.delete(object);
        this.#due.add(object);
      }
    }
    if (this.#due.size === 0) return next === Infinity ? LONG_MILLISECONDS : next - now;
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / writesPerSecond) * 1000);
  }
}

/** As long as a timer may be: somebody will wake it before. */
const LONG_MILLISECONDS = 2 ** 31 - 1;
