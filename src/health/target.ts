import type { Check, RealServerKey, ServicePolicy } from '../model/index.js';

/** One check of one server: what several services ask in the same way is one target. */
export interface Target {
  /** Equal for equal targets. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly check: Check;
  readonly initialState: ServicePolicy['initialState'];
}

/** Of what asks no port: one target for all ports of a server. */
const NO_PORT = 0;

/** Makes the targets of servers. Checks are few and shared, so that each is put into words once. */
export class TargetNames {
  readonly #texts = new WeakMap<Check, string>();

  targetOf(
    { address: ownAddress, port: ownPort }: RealServerKey,
    check: Check,
    initialState: ServicePolicy['initialState'],
  ): Target {
    const address = check.address ?? ownAddress;
    const port = check.method.type === 'Ping' ? NO_PORT : (check.port ?? ownPort);
    return { id: `${address} ${port} ${initialState} ${this.#textOf(check)}`, address, port, check, initialState };
  }

  #textOf(check: Check): string {
    let text = this.#texts.get(check);
    if (text === undefined) {
      // These two are said before.
      text = JSON.stringify({ ...check, address: null, port: null });
      this.#texts.set(check, text);
    }
    return text;
  }
}
