import type { Clock } from './clock.js';

/** Lets a loop sleep until a time or until somebody wakes it; a call while it is awake is not lost. */
export class Alarm {
  readonly #clock: Clock;
  #isRung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  async sleepUntil(timeMilliseconds: number | undefined): Promise<void> {
    if (!this.#isRung) {
      let cancel: (() => void) | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (timeMilliseconds === undefined) return;
        cancel = this.#clock.schedule(Math.max(0, timeMilliseconds - this.#clock.nowMilliseconds()), resolve);
      });
      cancel?.();
      this.#wake = undefined;
    }
    // What is told in the same turn of the event loop belongs together.
    await this.#clock.pause();
    this.#isRung = false;
  }
}
