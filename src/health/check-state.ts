import { passes } from './verdict.js';
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
}

/** Before the first verdict. */
export function unaskedState(isPassing: boolean, nowMilliseconds: number): CheckState {
  return { isPassing, contrary: 0, sinceMilliseconds: nowMilliseconds, verdict: null };
}

/**
 * After one more verdict: it takes `fall` failures in a row to fail, and `rise` successes in a row to pass again. That
 * this host could not ask says nothing about the server.
 */
export function judge(
  state: CheckState,
  verdict: Verdict,
  { rise, fall }: { readonly rise: number; readonly fall: number },
  nowMilliseconds: number,
): CheckState {
  const { isPassing, sinceMilliseconds } = state;
  if (verdict.code === 'SOCKERR') return { ...state, verdict };
  if (passes(verdict) === isPassing) return { isPassing, contrary: 0, sinceMilliseconds, verdict };
  const contrary = state.contrary + 1;
  if (contrary < (isPassing ? fall : rise)) return { isPassing, contrary, sinceMilliseconds, verdict };
  return { isPassing: !isPassing, contrary: 0, sinceMilliseconds: nowMilliseconds, verdict };
}
