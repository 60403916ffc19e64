import type { ControllerEvent, ControllerSnapshot } from '../../reconcile/index.js';

/** A round of a large table on a slow machine takes some seconds; one that takes longer than this is stuck. */
const PATIENCE_MILLISECONDS = 60_000;
/** So many full reads may be missed. */
const MISSED_RESYNCS = 3;

export interface Verdict {
  readonly isGood: boolean;
  readonly reason: string;
}

/** Judges whether the controller's loop turns, from what it says and does not say. */
export class Vitality {
  readonly #limitMilliseconds: number;
  #lastTurn: number | undefined;

  constructor(resyncSeconds: number) {
    this.#limitMilliseconds = MISSED_RESYNCS * resyncSeconds * 1000 + PATIENCE_MILLISECONDS;
  }

  observe(event: ControllerEvent, nowMilliseconds: number): void {
    if (event.kind === 'RoundFinished' || event.kind === 'RoundFailed') this.#lastTurn = nowMilliseconds;
  }

  /** A loop that waits for its sources before its first turn is alive. */
  liveness({ nowMilliseconds, current }: ControllerSnapshot): Verdict {
    const since = current?.startMilliseconds ?? this.#lastTurn;
    if (since === undefined || nowMilliseconds - since <= this.#limitMilliseconds)
      return { isGood: true, reason: 'ok' };
    const seconds = Math.round((nowMilliseconds - since) / 1000);
    return {
      isGood: false,
      reason: current === null ? `no turn of the loop for ${seconds} s` : `a round has been running for ${seconds} s`,
    };
  }
}

/** Ready: all sources were read completely, and the kernel was made so, once. */
export function readiness({ sources, lastFullRound }: ControllerSnapshot): Verdict {
  const waiting = sources.find(({ isComplete }) => !isComplete);
  if (waiting !== undefined) {
    const { state } = waiting;
    const why = state.kind === 'Away' ? state.reason : 'is being read';
    return { isGood: false, reason: `${waiting.name}: ${why}` };
  }
  if (lastFullRound === null) return { isGood: false, reason: 'the kernel was not looked at yet' };
  return { isGood: true, reason: 'ok' };
}
