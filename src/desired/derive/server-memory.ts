import type { AddressFamily, RealServer, Tunnel } from '../../model/index.js';
import type { DeclaredRealServer } from '../declared.js';

export interface Forwarding {
  readonly method: 'Masquerade' | 'DirectRouting' | 'Tunnel';
  readonly tunnel: Tunnel | null;
}

/** What holds for all servers of an object. */
export interface Common {
  readonly forwarding: Forwarding;
  readonly scale: number;
}

/** What besides the declaration decides what becomes of real servers. */
export interface Joined {
  readonly family: AddressFamily;
  readonly common: Common;
  readonly port: number;
  readonly targetPort: number;
}

interface Expansion<Result> extends Joined {
  readonly result: Result;
}

/**
 * What became of declared servers, and of whole lists of them, for documents that share them: many services with the
 * same servers are one set of servers in memory. What one document has alone is not frozen, and not remembered.
 */
export class ServerMemory {
  readonly lists = new Expansions<readonly DeclaredRealServer[], readonly RealServer[]>();
  readonly servers = new Expansions<DeclaredRealServer, RealServer>();
}

class Expansions<Declared extends object, Result> {
  readonly #last = new WeakMap<Declared, Expansion<Result>>();

  /** What became of it the last time, where all else was the same; otherwise as it is made now. */
  recall(declared: Declared, joined: Joined, make: () => Result): Result {
    if (!Object.isFrozen(declared)) return make();
    const known = this.#last.get(declared);
    if (known !== undefined && isJoinedAlike(known, joined)) return known.result;
    const result = make();
    this.#last.set(declared, { ...joined, result });
    return result;
  }
}

/** Forwarding that nobody declares is one object for all. */
function isJoinedAlike(a: Joined, b: Joined): boolean {
  const isCommon = a.common.forwarding === b.common.forwarding && a.common.scale === b.common.scale;
  return isCommon && a.family === b.family && a.port === b.port && a.targetPort === b.targetPort;
}
