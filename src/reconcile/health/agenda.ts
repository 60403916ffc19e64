/** Keys are looked at at whole multiples of this, so that many of them are few rounds. */
const TICK_MILLISECONDS = 100;

/** When to look again at which key. */
export class Agenda {
  readonly #times = new Map<string, number>();
  readonly #keys = new Map<number, Set<string>>();

  /** In place of what was noted for the key before. */
  set(key: string, timeMilliseconds: number | undefined): void {
    const before = this.#times.get(key);
    const time = timeMilliseconds === undefined ? undefined : tickFrom(timeMilliseconds);
    if (before === time) return;
    if (before !== undefined) this.#drop(key, before);
    if (time === undefined) {
      this.#times.delete(key);
      return;
    }
    this.#times.set(key, time);
    const keys = this.#keys.get(time);
    if (keys === undefined) this.#keys.set(time, new Set([key]));
    else keys.add(key);
  }

  nextMilliseconds(): number | undefined {
    let next: number | undefined;
    for (const time of this.#keys.keys()) if (next === undefined || time < next) next = time;
    return next;
  }

  takeDue(nowMilliseconds: number): readonly string[] {
    const due: string[] = [];
    for (const [time, keys] of [...this.#keys]) {
      if (time > nowMilliseconds) continue;
      due.push(...keys);
      this.#keys.delete(time);
      for (const key of keys) this.#times.delete(key);
    }
    return due;
  }

  #drop(key: string, time: number): void {
    const keys = this.#keys.get(time);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(time);
  }
}

function tickFrom(timeMilliseconds: number): number {
  return Math.ceil(timeMilliseconds / TICK_MILLISECONDS) * TICK_MILLISECONDS;
}
