import { sameObjectStatus, summariseStatus } from '../../status/index.js';
import type { ObjectStatus } from '../../status/index.js';
import { ApiError } from './api-error.js';
import type { ApiClient } from './client.js';
import {
  collectionPath,
  DECLARED_KINDS,
  objectPath,
  objectText,
  parseObjectText,
  statusPatch,
} from './declared-object.js';
import type { DeclaredKind, DeclaredName, ObjectObserver } from './declared-object.js';
import { APPLY_CONTENT_TYPE, LEADER_MANAGER, nodeManager } from './field-manager.js';
import { readObjectOf, readPage } from './kube-object.js';
import type { KubeObject } from './kube-object.js';
import { NodePresence, PRESENCE_MILLISECONDS } from './node-presence.js';
import type { Pacing } from './pacing.js';
import { viewSpec, viewStatus } from './status-view.js';
import { WriteQueue } from './write-queue.js';

export interface StatusLeaderOptions {
  readonly client: ApiClient;
  /** Of the controllers themselves. */
  readonly namespace: string;
  readonly pacing: Pacing;
  /** The time of the day, as conditions have it. */
  readonly now: () => Date;
  readonly onTrouble: (object: string, error: ApiError) => void;
}

/** As many as a node writes entries: it shall not stay behind them. */
const WRITES_PER_SECOND = 50;
const BURST = 100;
const PAGE_SIZE = 500;
/** The entries of one change come one after the other, and are summed up together. */
const GATHERING_MILLISECONDS = 1000;
/** An object that is new gets its first entries within this. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * Sums up what all nodes say of each object, while it leads: conditions and summaries, where they are not as they should
 * be; and takes the entries of nodes out that have no controller any more. It remembers names only: what is to be
 * written is made of the object as it is then.
 */
export class StatusLeader implements ObjectObserver {
  readonly #options: StatusLeaderOptions;
  readonly #queue: WriteQueue;
  readonly #presence: NodePresence;
  #isLeading = false;
  #wake = new AbortController();

  constructor(options: StatusLeaderOptions) {
    this.#options = options;
    const { pacing, onTrouble } = options;
    this.#presence = new NodePresence(options);
    this.#queue = new WriteQueue({
      pacing,
      writesPerSecond: WRITES_PER_SECOND,
      burst: BURST,
      write: (object, signal) => this.#bringUpToDate(object, signal),
      onTrouble,
    });
  }

  /** Whether this is the one that sums up, from now on. */
  lead(isLeading: boolean): void {
    this.#isLeading = isLeading;
    if (!isLeading) this.#queue.clear();
    this.#wake.abort();
  }

  /** Until the signal aborts. A rejection is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#queue.run(signal), this.#supervise(signal)]);
  }

  seen(kind: DeclaredKind, objects: readonly KubeObject[]): void {
    if (this.#isLeading) for (const object of objects) this.#consider(kind, object);
  }

  gone(kind: DeclaredKind, keys: readonly string[]): void {
    for (const key of keys) this.#queue.forget(`${kind} ${key}`);
  }

  /** Looks at all objects when it begins to lead and when a node is gone, and at the nodes all the time. */
  async #supervise(signal: AbortSignal): Promise<void> {
    const { pacing } = this.#options;
    const wake = (): void => {
      this.#wake.abort();
    };
    signal.addEventListener('abort', wake);
    let hasLooked = false;
    while (!signal.aborted) {
      if (this.#wake.signal.aborted) this.#wake = new AbortController();
      if (this.#isLeading) hasLooked = await this.#look(!hasLooked, signal);
      else hasLooked = false;
      await pacing.sleep(PRESENCE_MILLISECONDS, this.#wake.signal);
    }
    signal.removeEventListener('abort', wake);
  }

  /** False where the API server did not answer, and all has to be looked at the next time. */
  async #look(everything: boolean, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#presence.look(signal);
      const absent = this.#presence.nodes().filter((node) => this.#presence.isAbsent(node));
      if (!everything && absent.length === 0) return true;
      const nodes = new Set<string>();
      for (const kind of Object.keys(DECLARED_KINDS) as DeclaredKind[]) await this.#listAll(kind, nodes, signal);
      for (const node of absent) if (!nodes.has(node)) this.#presence.forget(node);
      return this.#isLeading;
    } catch (error) {
      if (error instanceof ApiError || signal.aborted) return false;
      throw error;
    }
  }

  /** Adds the nodes that have entries. */
  async #listAll(kind: DeclaredKind, nodes: Set<string>, signal: AbortSignal): Promise<void> {
    const { client, pacing } = this.#options;
    let continueToken: string | undefined;
    do {
      const query = { limit: PAGE_SIZE, continue: continueToken };
      const { body } = await client.request({ method: 'GET', path: collectionPath(kind), query, signal });
      const page = readPage(body);
      for (const object of page.items) {
        for (const { node } of viewStatus(object).entries) nodes.add(node);
        this.#consider(kind, object);
      }
      continueToken = page.continueToken;
      await pacing.pause();
    } while (continueToken !== undefined && this.#isLeading);
  }

  #consider(kind: DeclaredKind, object: KubeObject): void {
    const { entries } = viewStatus(object);
    const isStale = entries.some(({ node }) => this.#presence.isAbsent(node));
    if (!isStale && this.#statusFor(kind, object) === undefined) return;
    this.#queue.add(objectText(kind, object), entries.length === 0 ? PATIENCE_MILLISECONDS : GATHERING_MILLISECONDS);
  }

  /** What has to be written; `undefined` where the object says so already. */
  #statusFor(kind: DeclaredKind, object: KubeObject): ObjectStatus | undefined {
    const seen = viewStatus(object);
    const status = summariseStatus({
      generation: object.metadata.generation ?? 0,
      ...(kind === 'VirtualService' ? { spec: viewSpec(object) } : {}),
      entries: seen.entries.filter(({ node }) => !this.#presence.isAbsent(node)),
      previous: seen.conditions,
      now: this.#options.now(),
    });
    return sameObjectStatus(seen, status) ? undefined : status;
  }

  async #bringUpToDate(text: string, signal: AbortSignal): Promise<boolean> {
    const name = parseObjectText(text);
    if (name === undefined || !this.#isLeading) return false;
    const { body } = await this.#options.client.request({ method: 'GET', path: objectPath(name), signal });
    const object = readObjectOf(body);
    const status = this.#statusFor(name.kind, object);
    if (status !== undefined) await this.#apply(name, LEADER_MANAGER, status, signal);
    const stale = viewStatus(object).entries.filter(({ node }) => this.#presence.isAbsent(node));
    for (const { node } of stale) await this.#apply(name, nodeManager(node), {}, signal);
    return status !== undefined || stale.length > 0;
  }

  async #apply(name: DeclaredName, manager: string, status: object, signal: AbortSignal): Promise<void> {
    await this.#options.client.request({
      method: 'PATCH',
      path: `${objectPath(name)}/status`,
      query: { fieldManager: manager, force: true },
      contentType: APPLY_CONTENT_TYPE,
      body: statusPatch(name, status),
      signal,
    });
  }
}
