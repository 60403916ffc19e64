import type { Target } from './target.js';
import type { Verdict } from './verdict.js';

/** The port to what asks servers how they are. */
export interface Prober {
  /**
   * Asks the target again and again, as often as its check says, until the result is called. Verdicts come one by one,
   * never during this call, and none after the end. One verdict of each probe, whatever happens.
   */
  watch(target: Target, tell: (verdict: Verdict) => void): () => void;
}
