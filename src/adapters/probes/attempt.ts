import type { Advice } from '../../health/index.js';
import { failedOutcome, lateOutcome, readable } from './probe.js';
import type { Layer, Outcome, RunningProbe } from './probe.js';

/**
 * One probe under way that does several things in turn: it remembers how far it came and what is to be freed, and ends
 * once, whatever is reported afterwards.
 */
export class Attempt implements RunningProbe {
  /** What it waits for. */
  layer: Layer = 'L4';
  #isOver = false;
  #decided: Outcome | undefined;
  #advice: Advice | undefined;
  #holdings: (() => void)[] = [];
  readonly #end: (outcome: Outcome) => void;

  constructor(end: (outcome: Outcome) => void) {
    this.#end = end;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Has something freed at the end. What was made last goes first: what lies below it must not vanish under it. */
  hold(free: () => void): void {
    if (this.#isOver) free();
    else this.#holdings.push(free);
  }

  /** The outcome is known. What may follow is politeness, and changes nothing. */
  decide(outcome: Outcome): void {
    this.#decided = outcome;
  }

  /** Something is said of the server besides, which counts where it passes. */
  advise(advice: Advice): void {
    this.#advice = advice;
  }

  finish(outcome: Outcome): void {
    if (this.#isOver) return;
    this.#free();
    this.#tell(this.#decided ?? outcome);
  }

  /**
   * The server has said all: it is let go, and nothing that it does counts any more. What it said is looked into.
   *
   * @param look tells the outcome later, and returns what gives that up
   * @param late the outcome where that takes too long
   */
  lookInto(look: (end: (outcome: Outcome) => void) => () => void, late: Outcome): void {
    if (this.#isOver) return;
    this.#free();
    this.#decided = late;
    const giveUp = look((outcome) => {
      this.#tell(outcome);
    });
    this.#holdings.push(giveUp);
  }

  #tell(result: Outcome): void {
    const advice = result.code === 'L7OK' ? this.#advice : undefined;
    this.#end(advice === undefined ? result : { ...result, advice });
  }

  fail(error: NodeJS.ErrnoException): void {
    // A server may refuse the certificate that it was shown after its first word.
    const layer = error.code?.startsWith('ERR_SSL_') === true ? 'L6' : this.layer;
    this.finish(failedOutcome(layer, error));
  }

  /** Does a part of it. What throws could not be asked, whatever was declared, and no more than this probe ends with it. */
  guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      const message = readable(error instanceof Error ? error.message : String(error));
      this.finish({ code: 'SOCKERR', message: `this cannot be asked: ${message}` });
    }
  }

  expire(): Outcome {
    this.#free();
    return this.#decided ?? lateOutcome(this.layer);
  }

  #free(): void {
    this.#isOver = true;
    for (const free of this.#holdings.reverse()) free();
    this.#holdings = [];
  }
}
