/** Time as what follows the cluster sees it. Tests pass their own. */
export interface Pacing {
  /** Never jumps: `performance.now()`. */
  readonly nowMilliseconds: () => number;
  /** Resolves after so long, or as soon as the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Lets everything else that waits for the event loop run. */
  readonly pause: () => Promise<void>;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
}

export const SYSTEM_PACING: Pacing = {
  nowMilliseconds: () => performance.now(),
  sleep: sleepUnlessAborted,
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  random: Math.random,
};

function sleepUnlessAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener('abort', wake);
  });
}

const BASE_MILLISECONDS = 100;
/** A server that comes back shall not have to wait long for its directors, nor meet all of them at once. */
const MAXIMUM_MILLISECONDS = 10_000;

/** How long to wait before the next try, after so many that were for nothing. Half of it is chance. */
export function backOffMilliseconds(attempts: number, random: () => number): number {
  const whole = Math.min(MAXIMUM_MILLISECONDS, BASE_MILLISECONDS * 2 ** Math.min(attempts, 16));
  return whole * (0.5 + random() / 2);
}
