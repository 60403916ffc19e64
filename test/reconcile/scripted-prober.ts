import type { Advice, Prober, Target, Verdict } from '../../src/health/index.js';

/** Says of servers what a test makes it say. */
export class ScriptedProber implements Prober {
  readonly #watches = new Map<string, { readonly target: Target; readonly tell: (verdict: Verdict) => void }>();

  watch(target: Target, tell: (verdict: Verdict) => void): () => void {
    if (this.#watches.has(target.id)) throw new Error(`${target.id} is asked twice`);
    this.#watches.set(target.id, { target, tell });
    return () => {
      this.#watches.delete(target.id);
    };
  }

  /** `address:port` of all that are asked. */
  asked(): readonly string[] {
    return [...this.#watches.values()].map(({ target }) => `${target.address}:${target.port}`).sort();
  }

  /** One verdict of every check of the address, or of those that ask this port. */
  pass(address: string, port?: number): void {
    this.#tell(address, { code: 'L4OK', latencyMilliseconds: 1, message: '' }, port);
  }

  fail(address: string, port?: number): void {
    this.#tell(address, { code: 'L4CON', latencyMilliseconds: 1, message: 'connection refused' }, port);
  }

  /** Of checks that ask a virtual address on the server. */
  failBehind(server: string): void {
    for (const { target, tell } of [...this.#watches.values()]) {
      if (target.behind?.server.address !== server) continue;
      tell({ code: 'L4CON', latencyMilliseconds: 1, message: 'connection refused' });
    }
  }

  /** A verdict that passes, with something said besides. */
  advise(address: string, advice: Advice): void {
    this.#tell(address, { code: 'L7OK', latencyMilliseconds: 1, message: '', advice });
  }

  #tell(address: string, verdict: Verdict, port?: number): void {
    for (const { target, tell } of [...this.#watches.values()]) {
      if (target.address === address && (port === undefined || target.port === port)) tell(verdict);
    }
  }
}
