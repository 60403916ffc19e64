/** The same within this time is one series, as in Kubernetes' own recorder. */
const SERIES_MILLISECONDS = 360_000;
/** How often an Event is told that what it says happens again and again. */
const UPDATE_MILLISECONDS = 60_000;
const MAXIMUM_SERIES = 256;

/** An Event that the API server has, and how often what it says has happened. */
export interface Series {
  readonly object: string;
  readonly reason: string;
  /** Of the Event. */
  readonly path: string;
  readonly count: number;
  /** When it happened last. */
  readonly last: Date;
}

interface Kept extends Series {
  count: number;
  last: Date;
  lastMilliseconds: number;
  /** How often it has happened as far as the API server was told, and when that was. */
  toldCount: number;
  toldMilliseconds: number;
}

/** Events of the last minutes. What happens again is no Event of its own but counted, and told once a minute. */
export class EventSeries {
  readonly #kept = new Map<string, Kept>();

  /** An Event was made. */
  begin(id: string, event: Pick<Series, 'object' | 'reason' | 'path' | 'last'>, nowMilliseconds: number): void {
    this.#kept.delete(id);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAXIMUM_SERIES && oldest !== undefined) this.#kept.delete(oldest);
    // The first time that it happens again is told at once.
    this.#kept.set(id, {
      ...event,
      count: 1,
      lastMilliseconds: nowMilliseconds,
      toldCount: 1,
      toldMilliseconds: -Infinity,
    });
  }

  /** Counts what happened again; false where it is new, or too long ago. */
  repeat(id: string, last: Date, nowMilliseconds: number): boolean {
    return repeatOne(this.#kept.get(id), last, nowMilliseconds);
  }

  /** Counts what is of the same object and reason as the last Event, and says something else; false where there is none. */
  repeatLike({ object, reason }: Pick<Series, 'object' | 'reason'>, last: Date, nowMilliseconds: number): boolean {
    const alike = [...this.#kept.values()].filter((kept) => kept.object === object && kept.reason === reason);
    return repeatOne(alike.at(-1), last, nowMilliseconds);
  }

  /** One that is to be told; it counts as told then. */
  takeDue(nowMilliseconds: number): Series | undefined {
    for (const kept of this.#kept.values()) {
      if (dueAt(kept) > nowMilliseconds) continue;
      kept.toldCount = kept.count;
      kept.toldMilliseconds = nowMilliseconds;
      return kept;
    }
    return undefined;
  }

  nextMilliseconds(): number {
    let next = Infinity;
    for (const kept of this.#kept.values()) next = Math.min(next, dueAt(kept));
    return next;
  }

  /** The API server does not have it any more. */
  forget(path: string): void {
    for (const [id, kept] of this.#kept) if (kept.path === path) this.#kept.delete(id);
  }
}

function repeatOne(kept: Kept | undefined, last: Date, nowMilliseconds: number): boolean {
  if (kept === undefined || nowMilliseconds - kept.lastMilliseconds >= SERIES_MILLISECONDS) return false;
  kept.count++;
  kept.last = last;
  kept.lastMilliseconds = nowMilliseconds;
  return true;
}

function dueAt({ count, toldCount, toldMilliseconds }: Kept): number {
  return count === toldCount ? Infinity : toldMilliseconds + UPDATE_MILLISECONDS;
}
