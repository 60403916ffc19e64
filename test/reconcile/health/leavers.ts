import type { Face, Weights } from './expectation.js';

/** Connections are counted once a second, and are gone when two looks in a row found none. */
const QUIET_MILLISECONDS = 4000;

interface Leaver {
  readonly deadline: number;
  quietSince: number;
}

/** Follows the servers that are wanted no more, and says where one is there longer than it may be. */
export class Leavers {
  #leavers = new Map<number, Leaver>();
  readonly #connections = new Map<number, number>();

  /** That somebody set a number of connections. */
  setConnections(host: number, count: number, now: number): void {
    this.#connections.set(host, count);
    const leaver = this.#leavers.get(host);
    if (leaver !== undefined) leaver.quietSince = now;
  }

  has(host: number): boolean {
    return this.#leavers.has(host);
  }

  /** A restart looks anew. */
  restart(now: number): void {
    for (const leaver of this.#leavers.values()) leaver.quietSince = Math.max(leaver.quietSince, now);
  }

  /** Takes in a table, and returns what is wrong with it. */
  look(table: Weights, face: Face, drainSeconds: number | null, now: number): readonly string[] {
    for (const host of this.#connections.keys()) if (!table.has(host)) this.#connections.delete(host);
    const before = this.#leavers;
    this.#leavers = new Map();
    const faults: string[] = [];
    for (const [host, weight] of table) {
      if (face.has(host)) continue;
      if (weight !== 0) faults.push(`${host} is not wanted and has weight ${weight}`);
      if (drainSeconds === null) faults.push(`${host} is not wanted and nothing drains`);
      const leaver = before.get(host) ?? { deadline: now + (drainSeconds ?? 0) * 1000, quietSince: now };
      this.#leavers.set(host, leaver);
      if (now >= leaver.deadline && before.has(host)) faults.push(`${host} is there after its time is up`);
      const isQuiet = (this.#connections.get(host) ?? 0) === 0 && now - leaver.quietSince >= QUIET_MILLISECONDS;
      if (isQuiet) faults.push(`${host} is there although its connections have ended`);
    }
    return faults;
  }
}
