import { isHeldOut, NOTHING_ADVISED, takeAdvice } from './advice.js';
import type { Advised } from './advice.js';
import { isConclusive, passes } from './verdict.js';
import type { Verdict } from './verdict.js';

/** What is known of one target. */
export interface CheckState {
  readonly isPassing: boolean;
  /** Verdicts in a row that say otherwise. */
  readonly contrary: number;
  /** Since when it is as it is. */
  readonly sinceMilliseconds: number;
  /** The last one; `null` before the first. */
  readonly verdict: Verdict | null;
  /** What verdicts said of the server's weight and state; the same object until they say something else. */
  readonly advised: Advised;
}

/** Before the first verdict. */
export function unaskedState(
  isPassing: boolean,
  nowMilliseconds: number,
  advised: Advised = NOTHING_ADVISED,
): CheckState {
  return { isPassing, contrary: 0, sinceMilliseconds: nowMilliseconds, verdict: null, advised };
}

/**
 * After one more verdict: it takes `fall` failures in a row to fail, and `rise` successes in a row to pass again. What is
 * said in so many words needs no repetition: down and maintenance fail at once, and their end passes at once. That this
 * host could not ask says nothing about the server.
 */
export function judge(
  state: CheckState,
  verdict: Verdict,
  { rise, fall }: { readonly rise: number; readonly fall: number },
  nowMilliseconds: number,
): CheckState {
  if (!isConclusive(verdict)) return { ...state, verdict };
  const { isPassing, sinceMilliseconds } = state;
  const advised = verdict.advice === undefined ? state.advised : takeAdvice(state.advised, verdict.advice);
  const isOut = isHeldOut(advised);
  const passesNow = passes(verdict) && !isOut;
  if (passesNow === isPassing) return { isPassing, contrary: 0, sinceMilliseconds, verdict, advised };
  const contrary = state.contrary + 1;
  const isSaid = isOut || isHeldOut(state.advised);
  if (!isSaid && contrary < (isPassing ? fall : rise))
    return { isPassing, contrary, sinceMilliseconds, verdict, advised };
  return { isPassing: passesNow, contrary: 0, sinceMilliseconds: nowMilliseconds, verdict, advised };
}
