import { realServerKeyText } from '../model/index.js';
import type { RealServer, RealServerKey } from '../model/index.js';

/** Up to so many real servers are searched one by one, which is faster than making texts of their keys. */
const SHORT_LIST = 32;

/**
 * Finds real servers by address and port. Whoever asks in the order of the list, or in the reverse of it, pays nothing
 * for the search: the kernel lists the newest first, so this is how wanted and observed servers usually relate.
 */
export class ServerLookup {
  readonly #servers: readonly RealServer[];
  #last = -1;
  #byText: Map<string, number> | undefined;

  constructor(servers: readonly RealServer[]) {
    this.#servers = servers;
  }

  find(key: RealServerKey): RealServer | undefined {
    const after = this.#servers[this.#last + 1];
    if (after !== undefined && sameServerKey(after, key)) {
      this.#last++;
      return after;
    }
    const previous = this.#servers[this.#last - 1];
    if (previous !== undefined && sameServerKey(previous, key)) {
      this.#last--;
      return previous;
    }
    const at = this.#search(key);
    if (at !== undefined) this.#last = at;
    return at === undefined ? undefined : this.#servers[at];
  }

  #search(key: RealServerKey): number | undefined {
    if (this.#servers.length > SHORT_LIST) {
      this.#byText ??= new Map(this.#servers.map((server, i) => [realServerKeyText(server), i]));
      return this.#byText.get(realServerKeyText(key));
    }
    for (let i = 0; i < this.#servers.length; i++) {
      const server = this.#servers[i];
      if (server !== undefined && sameServerKey(server, key)) return i;
    }
    return undefined;
  }
}

export function sameServerKey(a: RealServerKey, b: RealServerKey): boolean {
  return a.port === b.port && a.address === b.address;
}
