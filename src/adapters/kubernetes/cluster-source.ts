import type { Source, SourceListener, SourceState, UnitChange } from '../../sources/index.js';
import type { ApiClient, Query } from './client.js';
import { ClusterState } from './cluster-state.js';
import type { DeclaredKind, ObjectObserver } from './declared-object.js';
import { DeclaredUnits } from './declared-units.js';
import { objectKey } from './kube-object.js';
import type { KubeObject } from './kube-object.js';
import type { Pacing } from './pacing.js';
import { Reflector } from './reflector.js';
import type { ReflectorCounts, ReflectorState } from './reflector.js';
import { RESOURCE_PATHS } from './resources.js';
import type { ResourceName } from './resources.js';
import { LabelWatch } from './surroundings.js';

export interface ClusterSourceOptions {
  readonly client: ApiClient;
  /** The Node whose labels decide what applies here; `undefined` where they are known without it. */
  readonly nodeName: string | undefined;
  readonly pacing: Pacing;
  readonly observer?: ObjectObserver;
}

export interface ClusterSource extends Source {
  /** By resource: `virtualservices`. */
  counts(): ReadonlyMap<string, ReflectorCounts>;
}

/**
 * The VirtualServices and Directors of a cluster, with what decides about them there: the node's labels, the namespaces'
 * labels, endpoint slices. The labels are known before the first object is told.
 */
export function createClusterSource(options: ClusterSourceOptions): ClusterSource {
  return new ReflectedCluster(options);
}

type News =
  | { readonly kind: 'Upsert'; readonly resource: ResourceName; readonly object: KubeObject }
  | { readonly kind: 'Remove'; readonly resource: ResourceName; readonly key: string }
  | { readonly kind: 'State'; readonly resource: ResourceName; readonly state: ReflectorState };

const KINDS: Partial<Readonly<Record<ResourceName, DeclaredKind>>> = {
  directors: 'Director',
  virtualservices: 'VirtualService',
};

/** Objects between two pauses: some milliseconds of work on a slow machine. */
const NEWS_PER_TURN = 50;

class ReflectedCluster implements ClusterSource {
  readonly name = 'kubernetes';
  readonly #pacing: Pacing;
  readonly #observer: ObjectObserver | undefined;
  readonly #units = new DeclaredUnits();
  readonly #labels = new LabelWatch();
  readonly #state: ClusterState;
  /** What decides about objects, and then the objects. */
  readonly #first = new Map<ResourceName, Reflector>();
  readonly #second = new Map<ResourceName, Reflector>();
  readonly #awaited: Set<ResourceName>;
  #news: News[] = [];
  #wake: () => void = () => undefined;
  #told: SourceState = { kind: 'Reading' };

  constructor({ client, nodeName, pacing, observer }: ClusterSourceOptions) {
    this.#pacing = pacing;
    this.#observer = observer;
    const follow = (resource: ResourceName, query: Query = {}): readonly [ResourceName, Reflector] => {
      const options = { client, path: RESOURCE_PATHS[resource], query, pacing };
      return [resource, new Reflector(options, this.#listenerOf(resource))];
    };
    if (nodeName !== undefined) {
      this.#first.set(...follow('nodes', { fieldSelector: `metadata.name=${nodeName}` }));
    }
    this.#first.set(...follow('namespaces'));
    this.#second.set(...follow('directors'));
    this.#second.set(...follow('endpointslices', { labelSelector: 'kubernetes.io/service-name' }));
    this.#second.set(...follow('virtualservices'));
    this.#awaited = new Set(this.#first.keys());
    this.#state = new ClusterState([...this.#first.keys(), ...this.#second.keys()], nodeName);
  }

  async run(listener: SourceListener, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
      this.#wake();
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const following: Promise<void>[] = [];
    const start = (reflectors: ReadonlyMap<ResourceName, Reflector>): void => {
      // One that fails is a bug: the others end, and then it is told.
      for (const reflector of reflectors.values()) following.push(reflector.run(ending.signal).finally(end));
    };
    start(this.#first);
    try {
      let isSecondStarted = false;
      while (!ending.signal.aborted) {
        if (!isSecondStarted && this.#awaited.size === 0) {
          isSecondStarted = true;
          start(this.#second);
        }
        if (this.#news.length > 0 || this.#units.hasFound) await this.#tellSome(listener, ending.signal);
        else await this.#sleep(ending.signal);
      }
    } finally {
      end();
      signal.removeEventListener('abort', end);
    }
    for (const result of await Promise.allSettled(following)) if (result.status === 'rejected') throw result.reason;
  }

  refresh(): void {
    for (const reflector of [...this.#first.values(), ...this.#second.values()]) reflector.refresh();
  }

  counts(): ReadonlyMap<string, ReflectorCounts> {
    return new Map([...this.#first, ...this.#second].map(([name, reflector]) => [name, reflector.counts()]));
  }

  #listenerOf(resource: ResourceName): ConstructorParameters<typeof Reflector>[1] {
    const kind = KINDS[resource];
    return {
      upsert: (objects) => {
        if (kind !== undefined) this.#observer?.seen(kind, objects);
        for (const object of objects) this.#news.push({ kind: 'Upsert', resource, object });
        this.#wake();
      },
      remove: (keys) => {
        if (kind !== undefined) this.#observer?.gone(kind, keys);
        for (const key of keys) this.#news.push({ kind: 'Remove', resource, key });
        this.#wake();
      },
      state: (state) => {
        this.#news.push({ kind: 'State', resource, state });
        this.#wake();
      },
    };
  }

  async #sleep(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (signal.aborted) resolve();
    });
  }

  async #tellSome(listener: SourceListener, signal: AbortSignal): Promise<void> {
    const changes: UnitChange[] = [];
    for (const news of this.#news.splice(0, NEWS_PER_TURN)) {
      changes.push(...(await this.#work(news)));
      if (signal.aborted) return;
    }
    const surroundings = this.#labels.takeNews();
    if (surroundings !== undefined) listener.surroundings(surroundings);
    // Slices come in crowds: what they change is told when no more of them wait.
    if (this.#news.length === 0) changes.push(...this.#units.takeFound(NEWS_PER_TURN));
    if (changes.length > 0) listener.changed(changes);
    if (this.#news.length === 0 && !this.#units.hasFound) this.#tellState(listener);
    await this.#pacing.pause();
  }

  async #work(news: News): Promise<readonly UnitChange[]> {
    switch (news.kind) {
      case 'State':
        this.#state.set(news.resource, news.state);
        if (news.state.kind === 'Synced') this.#noteSynced(news.resource);
        return [];
      case 'Upsert':
        return this.#upsert(news.resource, news.object);
      case 'Remove':
        return this.#remove(news.resource, news.key);
    }
  }

  #noteSynced(resource: ResourceName): void {
    this.#awaited.delete(resource);
    if (resource === 'endpointslices') this.#units.noteSlicesKnown();
  }

  async #upsert(resource: ResourceName, object: KubeObject): Promise<readonly UnitChange[]> {
    switch (resource) {
      case 'nodes':
        this.#labels.takeNode(object);
        this.#state.noteNode(true);
        return [];
      case 'namespaces':
        this.#labels.takeNamespace(object);
        return [];
      case 'endpointslices':
        this.#units.takeSlice(objectKey(object), object);
        return [];
      case 'directors':
        return this.#units.read('Director', objectKey(object), object);
      case 'virtualservices':
        return this.#units.read('VirtualService', objectKey(object), object);
    }
  }

  #remove(resource: ResourceName, key: string): readonly UnitChange[] {
    switch (resource) {
      case 'nodes':
        this.#state.noteNode(false);
        return [];
      case 'namespaces':
        this.#labels.removeNamespace(key);
        return [];
      case 'endpointslices':
        this.#units.removeSlice(key);
        return [];
      case 'directors':
        return [this.#units.remove('Director', key)];
      case 'virtualservices':
        return [this.#units.remove('VirtualService', key)];
    }
  }

  #tellState(listener: SourceListener): void {
    const state = this.#state.current();
    const isSame = state.kind === this.#told.kind && reasonOf(state) === reasonOf(this.#told);
    if (isSame) return;
    this.#told = state;
    listener.state(state);
  }
}

function reasonOf(state: SourceState): string | undefined {
  return state.kind === 'Away' ? state.reason : undefined;
}
