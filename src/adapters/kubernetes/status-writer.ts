import type { StatusSink } from '../../sources/index.js';
import { MAXIMUM_DIRECTORS, sameNodeState } from '../../status/index.js';
import type { NodeEntry, NodeState, ObjectReport } from '../../status/index.js';
import type { ApiError } from './api-error.js';
import type { ApiClient } from './client.js';
import { objectPath, objectText, parseObjectText, statusPatch } from './declared-object.js';
import type { DeclaredKind, ObjectObserver } from './declared-object.js';
import { APPLY_CONTENT_TYPE, nodeManager } from './field-manager.js';
import { readObjectOf, versionOf } from './kube-object.js';
import type { KubeObject } from './kube-object.js';
import type { Pacing } from './pacing.js';
import { isOlderVersion, viewStatus } from './status-view.js';
import { WriteQueue } from './write-queue.js';

export interface StatusWriterOptions {
  readonly client: ApiClient;
  readonly node: string;
  readonly pacing: Pacing;
  readonly onTrouble: (object: string, error: ApiError) => void;
  /** Is told what was written in the place of what. */
  readonly onWritten?: (written: WrittenState) => void;
}

export interface WrittenState {
  readonly object: string;
  readonly uid: string | undefined;
  readonly before: NodeEntry | undefined;
  readonly state: NodeState;
}

/** As many as a kubelet may send. The first statuses of 10,000 objects take some three minutes then. */
const WRITES_PER_SECOND = 50;
const BURST = 500;

interface SeenObject {
  readonly version: string | undefined;
  readonly uid: string | undefined;
  readonly entry: NodeEntry | undefined;
  /** Whether the list of directors has room for one more. */
  readonly hasRoom: boolean;
}

/**
 * Writes this node's entry into the status of objects where it is not as the API server has it: a start on objects
 * that are right writes nothing. An object that is not meant for this node any more loses its entry.
 */
export class StatusWriter implements StatusSink, ObjectObserver {
  readonly #options: StatusWriterOptions;
  readonly #queue: WriteQueue;
  readonly #wanted = new Map<string, NodeState | null>();
  readonly #seen = new Map<string, SeenObject>();

  constructor(options: StatusWriterOptions) {
    this.#options = options;
    const { pacing, onTrouble } = options;
    this.#queue = new WriteQueue({
      pacing,
      writesPerSecond: WRITES_PER_SECOND,
      burst: BURST,
      write: (object, signal) => this.#write(object, signal),
      onTrouble,
    });
  }

  /** Until the signal aborts. A rejection is a bug. */
  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal);
  }

  report(reports: readonly ObjectReport[]): void {
    for (const { object, state } of reports) {
      if (state === null && !this.#seen.has(object)) this.#wanted.delete(object);
      else this.#wanted.set(object, state);
      this.#compare(object);
    }
  }

  seen(kind: DeclaredKind, objects: readonly KubeObject[]): void {
    for (const object of objects) {
      const name = objectText(kind, object);
      // What was written is known from the answer; the watch may still tell what was before.
      if (isOlderVersion(versionOf(object), this.#seen.get(name)?.version)) continue;
      this.#note(name, object);
      this.#compare(name);
    }
  }

  gone(kind: DeclaredKind, keys: readonly string[]): void {
    for (const key of keys) {
      const object = `${kind} ${key}`;
      this.#seen.delete(object);
      this.#wanted.delete(object);
      this.#queue.forget(object);
    }
  }

  /** What the API server has of an object; `undefined` where it does not have it. */
  find(object: string): { readonly uid: string | undefined } | undefined {
    return this.#seen.get(object);
  }

  #note(name: string, object: KubeObject): void {
    const { entries } = viewStatus(object);
    const entry = entries.find(({ node }) => node === this.#options.node);
    this.#seen.set(name, {
      version: versionOf(object),
      uid: object.metadata.uid,
      entry,
      hasRoom: entry !== undefined || entries.length < MAXIMUM_DIRECTORS,
    });
  }

  #compare(object: string): void {
    if (this.#differs(object)) this.#queue.add(object);
  }

  #differs(object: string): boolean {
    const wanted = this.#wanted.get(object);
    const seen = this.#seen.get(object);
    return wanted !== undefined && seen?.hasRoom === true && !sameNodeState(seen.entry, wanted);
  }

  async #write(object: string, signal: AbortSignal): Promise<boolean> {
    const state = this.#wanted.get(object);
    const seen = this.#seen.get(object);
    const name = parseObjectText(object);
    if (state === undefined || seen === undefined || name === undefined || !this.#differs(object)) return false;
    const { client, node, onWritten } = this.#options;
    const status = state === null ? {} : { directors: [{ node, ...state }] };
    const { body } = await client.request({
      method: 'PATCH',
      path: `${objectPath(name)}/status`,
      query: { fieldManager: nodeManager(node), force: true },
      contentType: APPLY_CONTENT_TYPE,
      body: statusPatch(name, status),
      signal,
    });
    // It may have gone meanwhile, or have been told in a newer version.
    const answer = readObjectOf(body);
    const now = this.#seen.get(object);
    if (now !== undefined && !isOlderVersion(versionOf(answer), now.version)) this.#note(object, answer);
    if (state !== null) onWritten?.({ object, uid: seen.uid, before: seen.entry, state });
    // An API server that does not keep what is written is not written to again and again.
    if (this.#wanted.get(object) !== state) this.#compare(object);
    return true;
  }
}
