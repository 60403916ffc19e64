/** New Events of one object: so many at once, */
const BURST = 10;
/** and one more each so often. */
const MILLISECONDS_PER_EVENT = 60_000;
/** Of objects that nothing was heard of for longer than of so many others the budget is full again. */
const MAXIMUM_OBJECTS = 1024;

/** Keeps objects that never come to rest from filling the cluster with Events. */
export class EventBudget {
  /** When the budget of an object is full again; those that were heard of last are the last. */
  readonly #fullAt = new Map<string, number>();

  /** Whether there may be one more Event of the object now, which counts. */
  take(object: string, nowMilliseconds: number): boolean {
    const fullAt = Math.max(this.#fullAt.get(object) ?? 0, nowMilliseconds) + MILLISECONDS_PER_EVENT;
    if (fullAt > nowMilliseconds + BURST * MILLISECONDS_PER_EVENT) return false;
    this.#fullAt.delete(object);
    this.#fullAt.set(object, fullAt);
    const [oldest] = this.#fullAt.keys();
    if (this.#fullAt.size > MAXIMUM_OBJECTS && oldest !== undefined) this.#fullAt.delete(oldest);
    return true;
  }
}
