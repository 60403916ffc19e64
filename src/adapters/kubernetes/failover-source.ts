import type { Source, SourceListener } from '../../sources/index.js';
import type { ApiClient } from './client.js';
import { shortenName } from './field-manager.js';
import { LeaseElector } from './lease-elector.js';
import type { LeaseTiming } from './lease-elector.js';
import type { Pacing } from './pacing.js';

export interface FailoverOptions {
  readonly client: ApiClient;
  /** Of the Leases. */
  readonly namespace: string;
  /** Different for every node. */
  readonly identity: string;
  readonly timing: LeaseTiming;
  readonly pacing: Pacing;
  readonly now: () => Date;
}

const LEASE_PREFIX = 'ipvs-operator-director-';
const MAXIMUM_NAME_LENGTH = 253;

/**
 * Tells who leads among the nodes of the Director that applies here, by a Lease for each Director. It declares nothing:
 * which Director that is comes from the controller. As long as nobody knows who leads, the role is `Unknown`.
 */
export class FailoverSource implements Source {
  readonly name: string;
  readonly #options: FailoverOptions;
  #director: string | undefined;
  #change = new AbortController();

  constructor(options: FailoverOptions) {
    this.#options = options;
    this.name = `leases ${options.namespace}`;
  }

  /** @param director `Director edge`: takes part in its election from now on, and in no other one */
  contest(director: string | undefined): void {
    this.#director = director;
    this.#change.abort();
  }

  refresh(): void {
    // An election is never out of date for longer than until the next try.
  }

  async run(listener: SourceListener, signal: AbortSignal): Promise<void> {
    const end = (): void => {
      this.#change.abort();
    };
    signal.addEventListener('abort', end);
    listener.surroundings({ roles: new Map() });
    listener.state({ kind: 'Complete' });
    while (!signal.aborted) {
      this.#change = new AbortController();
      const change = this.#change.signal;
      if (this.#director === undefined) await aborted(change);
      else await this.#electFor(this.#director, listener, change);
    }
    signal.removeEventListener('abort', end);
  }

  async #electFor(director: string, listener: SourceListener, signal: AbortSignal): Promise<void> {
    const { namespace } = this.#options;
    const name = shortenName(`${LEASE_PREFIX}${director.slice(director.indexOf(' ') + 1)}`, MAXIMUM_NAME_LENGTH);
    const elector = new LeaseElector({
      ...this.#options,
      lease: { namespace, name },
      onRole: (role) => {
        listener.surroundings({ roles: new Map([[director, role]]) });
      },
    });
    await elector.run(signal);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
