import type { ControllerEvent, ControllerSnapshot } from '../../reconcile/index.js';

/** A round of a large table on a slow machine takes some seconds; one that takes longer than this is stuck. */
const PATIENCE_MILLISECONDS = 60_000;
/** Before the first round documents are worked in, which of very many takes some minutes on a slow machine. */
const START_MILLISECONDS = 300_000;
/** So many full reads may be missed. */
const MISSED_RESYNCS = 3;

export interface Verdict {
  readonly isGood: boolean;
  readonly reason: string;
}

/** Judges whether the controller's loop turns, from what it says and does not say. */
export class Vitality {
  readonly #limitMilliseconds: number;
  readonly #startMilliseconds: number;
  #lastTurn: number | undefined;

  /** @param nowMilliseconds of the controller's clock, as everywhere here: the start counts from then */
  constructor(resyncSeconds: number, nowMilliseconds: number) {
    this.#startMilliseconds = nowMilliseconds;
    this.#limitMilliseconds = MISSED_RESYNCS * resyncSeconds * 1000 + PATIENCE_MILLISECONDS;
  }

  observe(event: ControllerEvent, nowMilliseconds: number): void {
    if (event.kind === 'RoundFinished' || event.kind === 'RoundFailed') this.#lastTurn = nowMilliseconds;
  }

  /** The loop waits for its sources before its first turn, though for some seconds at the most. */
  liveness({ nowMilliseconds, current }: ControllerSnapshot): Verdict {
    const since = current?.startMilliseconds ?? this.#lastTurn;
    const elapsed = nowMilliseconds - (since ?? this.#startMilliseconds);
    const limit = since === undefined ? Math.max(START_MILLISECONDS, this.#limitMilliseconds) : this.#limitMilliseconds;
    if (elapsed <= limit) return { isGood: true, reason: 'ok' };
    const seconds = Math.round(elapsed / 1000);
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
