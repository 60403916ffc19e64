import type { Clock } from '../../src/reconcile/index.js';

/** A clock that stands still until a test lets time pass. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { readonly time: number; readonly action: () => void }[] = [];

  nowMilliseconds(): number {
    return this.#now;
  }

  schedule(delayMilliseconds: number, action: () => void): () => void {
    const timer = { time: this.#now + delayMilliseconds, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass, and all that is to happen meanwhile happen. */
  async advance(milliseconds: number): Promise<void> {
    await this.settle();
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ time }) => time <= end).sort((a, b) => a.time - b.time);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.time);
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.action();
      await this.settle();
    }
    this.#now = end;
    await this.settle();
  }

  /** Waits until everything waits for time to pass. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) await this.pause();
  }
}
