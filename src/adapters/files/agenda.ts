/** What was last seen to happen to a name, which decides how long it has to be left alone before it is believed. */
export type Happening =
  /** It was put there whole, by a rename. */
  | 'Renamed'
  /** It is written in place; half of a document may well be a valid one. */
  | 'Written'
  /** It is not there. Editors and upload programs do that for a moment before they write a file anew. */
  | 'Vanished';

const QUIET_FACTORS: Readonly<Record<Happening, number>> = { Renamed: 1, Written: 10, Vanished: 25 };

/** In debounce times: who has waited so long for others is taken without them. */
const PATIENCE_FACTOR = 100;

interface Entry {
  readonly since: number;
  readonly dueAt: number;
}

/**
 * Names to look at, each once it has been left alone for a while. Names that something happens to at the same time
 * are taken together: a checkout of thousands of files is one change.
 */
export class Agenda {
  readonly #debounceMilliseconds: number;
  readonly #entries = new Map<string, Entry>();

  constructor(debounceMilliseconds: number) {
    this.#debounceMilliseconds = debounceMilliseconds;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Returns when this name by itself is due. */
  add(name: string, happening: Happening, now: number): number {
    const since = this.#entries.get(name)?.since ?? now;
    const dueAt = now + QUIET_FACTORS[happening] * this.#debounceMilliseconds;
    this.#entries.set(name, { since, dueAt });
    return dueAt;
  }

  remove(name: string): void {
    this.#entries.delete(name);
  }

  /** When to take something, by the clock of `now`; `undefined` where there is nothing. It looks at all names. */
  nextAt(): number | undefined {
    let lastDue = -Infinity;
    let earliest = Infinity;
    for (const { since, dueAt } of this.#entries.values()) {
      lastDue = Math.max(lastDue, dueAt);
      earliest = Math.min(earliest, Math.max(dueAt, since + PATIENCE_FACTOR * this.#debounceMilliseconds));
    }
    return this.#entries.size === 0 ? undefined : Math.min(lastDue, earliest);
  }

  /** Takes what is due: all names together, or those that have waited long enough for the others. */
  take(now: number): readonly string[] {
    const nextAt = this.nextAt();
    if (nextAt === undefined || nextAt > now) return [];
    const names: string[] = [];
    for (const [name, { dueAt }] of this.#entries) if (dueAt <= now) names.push(name);
    for (const name of names) this.#entries.delete(name);
    return names;
  }
}
