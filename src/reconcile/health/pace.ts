import type { Clock } from '../clock.js';

/** So many looks may follow each other at once; then there is one in each interval. */
const LOOKS_AT_ONCE = 10;
const INTERVAL_MILLISECONDS = 100;

/**
 * How soon servers may be looked at again. A few that fail are looked at as they do; of thousands, whose verdicts come
 * one by one over seconds, those of an interval are looked at together: each look is a round of the loop.
 */
export class Pace {
  readonly #clock: Clock;
  /** When the looks so far would be over if each had taken an interval. */
  #spentMilliseconds = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the next look may be. */
  get nextMilliseconds(): number {
    return this.#spentMilliseconds - (LOOKS_AT_ONCE - 1) * INTERVAL_MILLISECONDS;
  }

  get isOpen(): boolean {
    return this.#clock.nowMilliseconds() >= this.nextMilliseconds;
  }

  noteLook(): void {
    this.#spentMilliseconds = Math.max(this.#spentMilliseconds, this.#clock.nowMilliseconds()) + INTERVAL_MILLISECONDS;
  }

  /** Calls the action as soon as there may be a look: at once, or once for all that is to be looked at then. */
  whenOpen(action: () => void): void {
    if (this.isOpen) {
      action();
      return;
    }
    this.#cancel ??= this.#clock.schedule(this.nextMilliseconds - this.#clock.nowMilliseconds(), () => {
      this.#cancel = undefined;
      // There may have been a look meanwhile, and timers may ring a little early.
      this.whenOpen(action);
    });
  }

  stop(): void {
    this.#cancel?.();
  }
}
