type Check = (value: unknown, checked: CheckedItems) => boolean;

/** Remembers which frozen lists, and items of lists, were right: what many documents share is looked at once. */
export class CheckedItems {
  readonly #right = new Map<Check, WeakSet<object>>();

  /** Whether the list or item passes the check. */
  fit(check: Check, item: unknown): boolean {
    if (typeof item !== 'object' || item === null || !Object.isFrozen(item)) return check(item, this);
    const right = this.#rightOnes(check);
    if (right.has(item)) return true;
    if (!check(item, this)) return false;
    right.add(item);
    return true;
  }

  #rightOnes(check: Check): WeakSet<object> {
    let right = this.#right.get(check);
    if (right === undefined) {
      right = new WeakSet();
      this.#right.set(check, right);
    }
    return right;
  }
}
