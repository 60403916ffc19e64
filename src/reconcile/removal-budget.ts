import { removalLimit } from '../plan/index.js';

/** What goes within so much time goes at once: a namespace that is deleted comes as many small changes. */
const WINDOW_MILLISECONDS = 60_000;

/** How many services may still go without anybody having been asked. */
export class RemovalBudget {
  readonly #maximum: number | undefined;
  #recent: readonly { readonly timeMilliseconds: number; readonly count: number }[] = [];

  constructor(maximum: number | undefined) {
    this.#maximum = maximum;
  }

  /** @param ownedCount how many services are ours now */
  limit(ownedCount: number, nowMilliseconds: number): number {
    this.#recent = this.#recent.filter(
      ({ timeMilliseconds }) => timeMilliseconds > nowMilliseconds - WINDOW_MILLISECONDS,
    );
    const gone = this.#recent.reduce((sum, { count }) => sum + count, 0);
    return Math.max(0, (this.#maximum ?? removalLimit(ownedCount + gone)) - gone);
  }

  spend(count: number, nowMilliseconds: number): void {
    if (count > 0) this.#recent = [...this.#recent, { timeMilliseconds: nowMilliseconds, count }];
  }
}
