import { realServerKeyText } from '../model/index.js';
import type { Check, RealServer, ServicePolicy, WantedService } from '../model/index.js';

/** One check of one server: what several services ask in the same way is one target. */
export interface Target {
  /** Equal for equal targets. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly check: Check;
  readonly initialState: ServicePolicy['initialState'];
  /** Where the address is a virtual one: the server that is asked for it. */
  readonly behind?: Behind;
}

/** A server that packets to a virtual address reach unchanged, so that it can be asked there. */
export interface Behind {
  readonly server: RealServer;
  /** Whose check it is. */
  readonly service: Pick<WantedService, 'key' | 'object' | 'settings'>;
}

/** Of what asks no port: one target for all ports of a server. */
const NO_PORT = 0;

/** Makes the targets of servers. Checks are few and shared, so that each is put into words once. */
export class TargetNames {
  readonly #texts = new WeakMap<Check, string>();

  targetOf(
    service: Behind['service'],
    server: RealServer,
    check: Check,
    initialState: ServicePolicy['initialState'],
  ): Target {
    const port = check.method.type === 'Ping' ? NO_PORT : (check.port ?? server.port);
    const text = `${port} ${initialState} ${this.#textOf(check)}`;
    if (check.target === 'VirtualAddress' && keepsAddress(server)) {
      const { key } = service;
      const address = check.address ?? (key.firewallMark === undefined ? key.address : server.address);
      const id = `${address} ${behindText({ server, service })} ${text}`;
      return { id, address, port, check, initialState, behind: { server, service } };
    }
    const address = check.target === 'VirtualAddress' ? server.address : (check.address ?? server.address);
    return { id: `${address} ${text}`, address, port, check, initialState };
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

/** Equal for what packets reach in the same way for the same object. */
export function behindText({ server: { address, forwarding, tunnel }, service: { object } }: Behind): string {
  return `${address} ${JSON.stringify(tunnel ?? forwarding)} ${object}`;
}

/** What one asks, in words: a `realServerKeyText`, and the server where that is not said by it. */
export function targetText({ address, port, behind }: Pick<Target, 'address' | 'port' | 'behind'>): string {
  const text = port === NO_PORT ? address : realServerKeyText({ address, port });
  return behind === undefined ? text : `${text} on ${behind.server.address}`;
}

/** Packets that are masqueraded are to the server's own address when they arrive. */
function keepsAddress({ forwarding }: RealServer): boolean {
  return forwarding === 'DirectRouting' || forwarding === 'Tunnel';
}
