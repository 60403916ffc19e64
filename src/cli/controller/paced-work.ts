import { setImmediate as nextTurn } from 'node:timers/promises';

/** Some 2 ms of lines of a log, or 20 ms on a slow machine. */
const ITEMS_PER_TURN = 200;

/** Does a small thing for each of many items, in their order: a few in each turn of the event loop, the first at once. */
export class PacedWork<Item> {
  readonly #doOne: (item: Item) => void;
  readonly #waiting: Item[] = [];
  #isWorking = false;
  #working: Promise<void> = Promise.resolve();

  constructor(doOne: (item: Item) => void) {
    this.#doOne = doOne;
  }

  add(items: Iterable<Item>): void {
    for (const item of items) this.#waiting.push(item);
    if (!this.#isWorking) this.#working = this.#work();
  }

  /** When nothing waits any more. */
  done(): Promise<void> {
    return this.#working;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (;;) {
      for (const item of this.#waiting.splice(0, ITEMS_PER_TURN)) this.#doOne(item);
      if (this.#waiting.length === 0) break;
      await nextTurn();
    }
    this.#isWorking = false;
  }
}
