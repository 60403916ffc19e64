import type { CliContext } from './context.js';

/** Takes SIGHUPs from now on: one that comes before there is something to do at it is not forgotten, and ends nothing. */
export class Hangups {
  #isWaiting = false;
  #action: (() => void) | undefined;

  constructor({ onHangup }: Pick<CliContext, 'onHangup'>) {
    onHangup(() => {
      if (this.#action === undefined) this.#isWaiting = true;
      else this.#action();
    });
  }

  /** Calls the action at every SIGHUP; at once where some came already. */
  handle(action: () => void): void {
    this.#action = action;
    if (this.#isWaiting) action();
    this.#isWaiting = false;
  }
}
