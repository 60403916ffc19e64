import type { Pacing } from './pacing.js';

/** A sleep that whoever brings work can end. */
export class Waker {
  readonly #pacing: Pacing;
  #wake = new AbortController();

  constructor(pacing: Pacing) {
    this.#pacing = pacing;
  }

  /** Ends the sleep, or keeps the next one from beginning. */
  wake(): void {
    this.#wake.abort();
  }

  /** Until so much time has passed, somebody wakes it, or the signal aborts. */
  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    const wake = (): void => {
      this.wake();
    };
    if (signal.aborted) return;
    signal.addEventListener('abort', wake);
    await this.#pacing.sleep(milliseconds, this.#wake.signal);
    signal.removeEventListener('abort', wake);
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }
}
