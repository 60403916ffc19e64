import type { Pacing } from '../../../src/adapters/kubernetes/pacing.js';
import type { ManualClock } from '../../reconcile/manual-clock.js';

/** Time that passes when the test says so; no jitter. */
export function manualPacing(clock: ManualClock): Pacing {
  return {
    nowMilliseconds: () => clock.nowMilliseconds(),
    pause: () => clock.pause(),
    random: () => 0,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        const wake = (): void => {
          cancel();
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const cancel = clock.schedule(milliseconds, wake);
        signal.addEventListener('abort', wake);
      }),
  };
}

/** The time of the day that belongs to it. */
export function manualTime(clock: ManualClock): () => Date {
  return () => new Date(Date.UTC(2026, 0, 1) + clock.nowMilliseconds());
}
