import type { Past, ServiceState, Verdict } from '../../health/index.js';
import { realServerKeyText } from '../../model/index.js';
import type { RealServer } from '../../model/index.js';
import type { CheckChange, DrainChange, HealthEvent, ServerChange } from './types.js';

/** A service before and after somebody looked at it; `undefined` where nobody follows it. */
export interface Looked {
  readonly service: string;
  readonly object: string;
  readonly before: ServiceState | undefined;
  readonly after: ServiceState | undefined;
  /** What it was taken to have been: at a start, by an earlier process. */
  readonly past: Past | undefined;
  readonly hasEnded: (server: string) => boolean;
  readonly causeOf: (server: RealServer) => Verdict | null;
  readonly nowMilliseconds: number;
}

/** Collects what is to be told, so that what happens together is told together. */
export class News {
  readonly #observe: (event: HealthEvent) => void;
  #checks: CheckChange[] = [];
  #servers: ServerChange[] = [];
  #drains: DrainChange[] = [];

  constructor(observe: (event: HealthEvent) => void) {
    this.#observe = observe;
  }

  noteCheck(change: CheckChange): void {
    this.#checks.push(change);
  }

  noteDrain(change: DrainChange): void {
    this.#drains.push(change);
  }

  /** What became of a service is told at once, what became of its servers is collected. */
  noteService(looked: Looked): void {
    const { service, object, before, after } = looked;
    const areInUse = after?.isSorry ?? false;
    const holds = after?.hasQuorum ?? true;
    if ((before?.hasQuorum ?? true) !== holds) {
      const hasSorryServers = areInUse || before?.isSorry === true;
      this.#observe({ kind: 'QuorumChanged', service, object, holds, hasSorryServers });
    }
    if ((before?.isSorry ?? false) !== areInUse) this.#observe({ kind: 'SorryServers', service, object, areInUse });
    this.#noteServers(looked);
    this.#noteLeaving(looked);
  }

  tell(): void {
    const [checks, servers, drains] = [this.#checks, this.#servers, this.#drains];
    this.#checks = [];
    this.#servers = [];
    this.#drains = [];
    if (checks.length > 0) this.#observe({ kind: 'ChecksChanged', changes: checks });
    if (servers.length > 0) this.#observe({ kind: 'ServersChanged', changes: servers });
    if (drains.length > 0) this.#observe({ kind: 'DrainsChanged', changes: drains });
  }

  #noteServers({ service, object, before, after, causeOf }: Looked): void {
    if (before === undefined || after === undefined || before.failing === after.failing) return;
    for (const [key, server] of after.failing) {
      if (before.failing.has(key)) continue;
      this.#servers.push({ service, object, server: key, isPassing: false, cause: causeOf(server) });
    }
    // Those that pass are all there; one that is not is declared no more.
    const there = new Set(before.failing.size === 0 ? [] : after.servers.map(realServerKeyText));
    for (const [key, server] of before.failing) {
      if (after.failing.has(key) || !there.has(key)) continue;
      this.#servers.push({ service, object, server: key, isPassing: true, cause: causeOf(server) });
    }
  }

  #noteLeaving({ service, object, past, after, hasEnded, nowMilliseconds }: Looked): void {
    if (after === undefined || past?.leaving === after.leaving) return;
    const note = (server: string, step: DrainChange['step']): void => {
      this.#drains.push({ service, object, server, step });
    };
    for (const server of after.leaving.keys()) if (past?.leaving.has(server) !== true) note(server, 'Began');
    for (const [server, { deadlineMilliseconds }] of past?.leaving ?? []) {
      if (after.leaving.has(server)) continue;
      if (hasEnded(server)) note(server, 'ConnectionsEnded');
      else note(server, deadlineMilliseconds <= nowMilliseconds ? 'TimeIsUp' : 'Cancelled');
    }
  }
}
