import { ApiError, eventError } from './api-error.js';
import type { ApiClient, Query, WatchEvent } from './client.js';
import { objectKey, readObjectOf, readPage, versionOf } from './kube-object.js';
import type { KubeObject } from './kube-object.js';
import { backOffMilliseconds } from './pacing.js';
import type { Pacing } from './pacing.js';

/** What follows one resource is told. It must be quick, and must not throw. */
export interface ReflectorListener {
  /** These are new, or not as they were. */
  readonly upsert: (objects: readonly KubeObject[]) => void;
  /** Keys of objects that are there no more. */
  readonly remove: (keys: readonly string[]) => void;
  /** `Synced`: everything up to now has been told. */
  readonly state: (state: ReflectorState) => void;
}

export type ReflectorState =
  { readonly kind: 'Reading' } | { readonly kind: 'Synced' } | { readonly kind: 'Away'; readonly error: ApiError };

export interface ReflectorOptions {
  readonly client: ApiClient;
  /** The collection: `/apis/ipvs-operator.io/v1alpha1/virtualservices`. */
  readonly path: string;
  /** Selectors. */
  readonly query?: Query;
  readonly pacing: Pacing;
  readonly pageSize?: number;
}

/** What metrics show of a reflector. */
export interface ReflectorCounts {
  readonly objects: number;
  /** Complete lists. */
  readonly lists: number;
  /** Of these, the ones that a watch needed which had fallen too far behind. */
  readonly expirations: number;
  readonly watches: number;
  readonly failures: number;
  readonly events: number;
  /** Of the pacing's clock; `undefined` before the first event or bookmark. */
  readonly lastEventMilliseconds: number | undefined;
}

const PAGE_SIZE = 500;
const LIST_TIMEOUT_MILLISECONDS = 60_000;
/** The server ends a watch after a time between this and twice this, so that not all directors come back at once. */
const WATCH_SECONDS = 240;
/** Bookmarks come every minute. Where nothing comes, a watch costs less than not to know. */
const IDLE_MILLISECONDS = 90_000;
/** A watch that lasted so long was a good one, and so is one that brought something where none was too old before. */
const HEALTHY_MILLISECONDS = 5000;
const EVENTS_PER_TURN = 50;
/** A server that asks for more than this is asked again all the same. */
const MAXIMUM_RETRY_AFTER_SECONDS = 60;

const GONE = 410;

/**
 * Follows one resource of the API server: lists it, watches it from there, and lists it again when the server has
 * forgotten where the watch was. Of the objects it remembers the versions only. What it tells is the difference: a list
 * that finds nothing new tells nothing.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #listener: ReflectorListener;
  readonly #versions = new Map<string, string>();
  readonly #counts = { lists: 0, expirations: 0, watches: 0, failures: 0, events: 0 };
  #lastEventMilliseconds: number | undefined;
  /** Where to watch from; `undefined` where everything has to be listed. */
  #position: string | undefined;
  #attempts = 0;
  /** Whether the server forgot a version, and no watch has lasted since. */
  #hasExpired = false;
  #toldState: ReflectorState['kind'] = 'Reading';
  /** Ends a watch or a rest, so that everything is listed. */
  #interrupt = new AbortController();

  constructor(options: ReflectorOptions, listener: ReflectorListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Until the signal aborts. A rejection is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    const interrupt = (): void => {
      this.#interrupt.abort();
    };
    signal.addEventListener('abort', interrupt);
    try {
      while (!signal.aborted) {
        if (this.#interrupt.signal.aborted) this.#interrupt = new AbortController();
        const waitSeconds = await this.#advance(signal, this.#interrupt.signal);
        const backOff = backOffMilliseconds(this.#attempts, this.#options.pacing.random);
        await this.#options.pacing.sleep(Math.max(backOff, waitSeconds * 1000), this.#interrupt.signal);
      }
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  /** Lists everything again, soon. */
  refresh(): void {
    this.#position = undefined;
    this.#interrupt.abort();
  }

  counts(): ReflectorCounts {
    return { ...this.#counts, objects: this.#versions.size, lastEventMilliseconds: this.#lastEventMilliseconds };
  }

  /** One list, where it is needed, and one watch. Gives how long the server wants to be left alone. */
  async #advance(signal: AbortSignal, interrupt: AbortSignal): Promise<number> {
    try {
      if (this.#position === undefined) {
        const position = await this.#list(signal);
        this.#counts.lists++;
        this.#position = interrupt.aborted ? undefined : position;
        this.#tell({ kind: 'Synced' });
      }
      if (!interrupt.aborted && this.#position !== undefined) await this.#watch(this.#position, interrupt);
      return 0;
    } catch (error) {
      if (interrupt.aborted) return 0;
      return this.#noteFailure(error);
    }
  }

  /** Gives the version that the list is of. */
  async #list(signal: AbortSignal): Promise<string> {
    try {
      return await this.#listPages(this.#options.pageSize ?? PAGE_SIZE, signal);
    } catch (error) {
      // The server forgot the version that the pages were of. One answer cannot expire.
      if (error instanceof ApiError && error.status === GONE) return this.#listPages(undefined, signal);
      throw error;
    }
  }

  async #listPages(limit: number | undefined, signal: AbortSignal): Promise<string> {
    const { client, path, query, pacing } = this.#options;
    const seen = new Set<string>();
    let continueToken: string | undefined;
    for (;;) {
      const { body } = await client.request({
        method: 'GET',
        path,
        query: { ...query, limit, continue: continueToken },
        timeoutMilliseconds: LIST_TIMEOUT_MILLISECONDS,
        signal,
      });
      const page = readPage(body);
      for (const object of page.items) seen.add(objectKey(object));
      for (let i = 0; i < page.items.length; i += EVENTS_PER_TURN) {
        this.#take(page.items.slice(i, i + EVENTS_PER_TURN));
        await pacing.pause();
        signal.throwIfAborted();
      }
      continueToken = page.continueToken;
      if (continueToken !== undefined) continue;
      this.#forget([...this.#versions.keys()].filter((key) => !seen.has(key)));
      return page.resourceVersion;
    }
  }

  async #watch(position: string, signal: AbortSignal): Promise<void> {
    const { client, path, query, pacing } = this.#options;
    const start = pacing.nowMilliseconds();
    const timeoutSeconds = Math.round(WATCH_SECONDS * (1 + pacing.random()));
    this.#counts.watches++;
    const events = client.watch({
      path,
      query: { ...query, resourceVersion: position, allowWatchBookmarks: true, timeoutSeconds },
      idleTimeoutMilliseconds: IDLE_MILLISECONDS,
      signal,
      onOpen: () => {
        this.#tell({ kind: 'Synced' });
      },
    });
    // A watch that ends at once was in vain, and so are the next ones then.
    this.#attempts++;
    let count = 0;
    try {
      for await (const event of events) {
        this.#takeEvent(event);
        if (event.type !== 'BOOKMARK' && !this.#hasExpired) this.#attempts = 0;
        if (++count % EVENTS_PER_TURN === 0) await pacing.pause();
        if (signal.aborted) return;
      }
    } finally {
      if (pacing.nowMilliseconds() - start >= HEALTHY_MILLISECONDS) {
        this.#attempts = 0;
        this.#hasExpired = false;
      }
    }
  }

  #takeEvent({ type, object }: WatchEvent): void {
    this.#lastEventMilliseconds = this.#options.pacing.nowMilliseconds();
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
        this.#counts.events++;
        this.#take([readObjectOf(object)]);
        break;
      case 'DELETED':
        this.#counts.events++;
        this.#forget([objectKey(readObjectOf(object))]);
        break;
      case 'BOOKMARK':
        break;
      case 'ERROR':
        throw eventError(object);
      default:
        // A kind of event that is yet to be invented tells no version that could be trusted.
        return;
    }
    const version = versionOf(object);
    if (version !== undefined && this.#position !== undefined) this.#position = version;
  }

  #take(objects: readonly KubeObject[]): void {
    const news = objects.filter((object) => {
      const version = versionOf(object);
      return version === undefined || this.#versions.get(objectKey(object)) !== version;
    });
    if (news.length === 0) return;
    for (const object of news) this.#versions.set(objectKey(object), versionOf(object) ?? '');
    this.#listener.upsert(news);
  }

  #forget(keys: readonly string[]): void {
    const known = keys.filter((key) => this.#versions.delete(key));
    if (known.length > 0) this.#listener.remove(known);
  }

  #noteFailure(error: unknown): number {
    if (!(error instanceof ApiError)) throw error;
    this.#counts.failures++;
    if (error.status === GONE) {
      this.#counts.expirations++;
      this.#position = undefined;
      // Nothing is wrong with the server: what it has is listed again. Where that does not help it is trouble as any other.
      if (!this.#hasExpired) {
        this.#hasExpired = true;
        return 0;
      }
    }
    const wasTrying = this.#attempts > 0;
    // A watch that was good and broke off is tried once more before it is called trouble.
    if (wasTrying || this.#position === undefined) this.#tell({ kind: 'Away', error });
    this.#attempts++;
    return Math.min(error.retryAfterSeconds ?? 0, MAXIMUM_RETRY_AFTER_SECONDS);
  }

  #tell(state: ReflectorState): void {
    if (state.kind === this.#toldState && state.kind !== 'Away') return;
    this.#toldState = state.kind;
    this.#listener.state(state);
  }
}
