import type { Outcome, StartProbe } from '../../../src/adapters/probes/probe.js';
import type { Target } from '../../../src/health/index.js';

/** All that one probe finds. */
export function outcomeOf(start: StartProbe, asked: Target): Promise<Outcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(running.expire());
    }, asked.check.timeoutMilliseconds);
    const running = start(asked, (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}
