import { realServerKeyText } from '../model/index.js';
import type { RealServer } from '../model/index.js';

/** A server that is wanted no more and keeps its connections for a while. */
export interface Leaving {
  /** With weight 0. */
  readonly server: RealServer;
  readonly sinceMilliseconds: number;
  readonly deadlineMilliseconds: number;
}

/** By `realServerKeyText`. */
export type LeavingServers = ReadonlyMap<string, Leaving>;

export const NOBODY_LEAVES: LeavingServers = new Map();

export interface LeavingInput {
  readonly before: LeavingServers;
  /** What the service had, and what of it was to stay. */
  readonly had: readonly RealServer[];
  /** Whether a server is there, or is out for a reason of its own, such as that it fails. */
  readonly isSettled: (key: string) => boolean;
  /** Whether its connections have ended. */
  readonly hasEnded: (key: string) => boolean;
  readonly drainMilliseconds: number;
  readonly nowMilliseconds: number;
}

/** Who leaves now: those who did before, until their connections end or their time is up, and those who begin. */
export function updateLeaving(input: LeavingInput): LeavingServers {
  const { before, had, isSettled, hasEnded, drainMilliseconds, nowMilliseconds } = input;
  const leaving = new Map<string, Leaving>();
  for (const [key, entry] of before) {
    if (isSettled(key) || hasEnded(key) || entry.deadlineMilliseconds <= nowMilliseconds) continue;
    leaving.set(key, entry);
  }
  for (const server of had) {
    const key = realServerKeyText(server);
    if (before.has(key) || isSettled(key)) continue;
    leaving.set(key, {
      server: server.weight === 0 ? server : { ...server, weight: 0 },
      sinceMilliseconds: nowMilliseconds,
      deadlineMilliseconds: nowMilliseconds + drainMilliseconds,
    });
  }
  return leaving.size === 0 ? NOBODY_LEAVES : leaving;
}
