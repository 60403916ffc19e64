import { ApiError } from './api-error.js';
import type { ApiClient } from './client.js';
import { APPLY_CONTENT_TYPE, nodeManager, shortenName } from './field-manager.js';
import { readPage } from './kube-object.js';
import { LEASE_API_VERSION, leasePath, leasesPath, microTime, readLease } from './lease.js';
import type { Pacing } from './pacing.js';

/**
 * Every controller keeps a Lease of its node, as kubelets do: where it is not renewed any more, the leader takes the
 * node's entries out of the objects. A node that forwards without a controller for a while (an upgrade, a crash that is
 * looked at) shall keep them, so that takes minutes.
 */
export const PRESENCE_MILLISECONDS = 60_000;
const ABSENCE_MILLISECONDS = 300_000;

const LABEL = 'ipvs-operator.io/presence';
const LABEL_VALUE = 'node';
const NAME_PREFIX = 'ipvs-operator-node-';
const MAXIMUM_NAME_LENGTH = 253;
const TIMEOUT_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 10_000;

export interface PresenceOptions {
  readonly client: ApiClient;
  /** Of the controllers themselves. */
  readonly namespace: string;
  readonly node: string;
  readonly pacing: Pacing;
  /** The time of the day, for people: nothing depends on it. */
  readonly now: () => Date;
}

/** Renews this node's Lease until the signal aborts. A rejection is a bug. */
export async function keepPresence(options: PresenceOptions, signal: AbortSignal): Promise<void> {
  const { pacing } = options;
  while (!signal.aborted) {
    const isRenewed = await renew(options, signal);
    const rest = isRenewed ? PRESENCE_MILLISECONDS : RETRY_MILLISECONDS;
    await pacing.sleep(rest * (0.9 + 0.2 * pacing.random()), signal);
  }
}

async function renew({ client, namespace, node, now }: PresenceOptions, signal: AbortSignal): Promise<boolean> {
  const name = shortenName(`${NAME_PREFIX}${node}`, MAXIMUM_NAME_LENGTH);
  try {
    await client.request({
      method: 'PATCH',
      path: leasePath({ namespace, name }),
      query: { fieldManager: nodeManager(node), force: true },
      contentType: APPLY_CONTENT_TYPE,
      body: {
        apiVersion: LEASE_API_VERSION,
        kind: 'Lease',
        metadata: { namespace, name, labels: { [LABEL]: LABEL_VALUE } },
        spec: {
          holderIdentity: node,
          leaseDurationSeconds: ABSENCE_MILLISECONDS / 1000,
          renewTime: microTime(now()),
        },
      },
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      signal,
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError || signal.aborted) return false;
    throw error;
  }
}

/**
 * Which nodes have a controller, by their Leases. Time is counted here alone: a node is absent when its Lease was not
 * seen to change for so long, and for as long nobody is absent after the first look.
 */
export class NodePresence {
  readonly #options: Pick<PresenceOptions, 'client' | 'namespace' | 'pacing'>;
  readonly #renewals = new Map<string, string>();
  readonly #aliveAt = new Map<string, number>();

  constructor(options: Pick<PresenceOptions, 'client' | 'namespace' | 'pacing'>) {
    this.#options = options;
  }

  /** Looks at all Leases. Rejects as the client does; then nobody is taken for absent because of it. */
  async look(signal: AbortSignal): Promise<void> {
    const { client, namespace, pacing } = this.#options;
    const { body } = await client.request({
      method: 'GET',
      path: leasesPath(namespace),
      query: { labelSelector: `${LABEL}=${LABEL_VALUE}` },
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      signal,
    });
    const now = pacing.nowMilliseconds();
    for (const item of readPage(body).items) {
      const { holderIdentity: node, renewTime = '' } = readLease(item).spec;
      if (node === undefined || this.#renewals.get(node) === renewTime) continue;
      this.#renewals.set(node, renewTime);
      this.#aliveAt.set(node, now);
    }
  }

  /** A node that was never asked about counts from now on. */
  isAbsent(node: string): boolean {
    const now = this.#options.pacing.nowMilliseconds();
    const aliveAt = this.#aliveAt.get(node);
    if (aliveAt === undefined) this.#aliveAt.set(node, now);
    return aliveAt !== undefined && now - aliveAt > ABSENCE_MILLISECONDS;
  }

  /** Nodes that are or were there. */
  nodes(): readonly string[] {
    return [...this.#aliveAt.keys()];
  }

  /** Nobody has entries of the node any more: it is asked about anew when there are some again. */
  forget(node: string): void {
    this.#aliveAt.delete(node);
  }
}
