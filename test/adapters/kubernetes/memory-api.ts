import { ApiError } from '../../../src/adapters/kubernetes/index.js';
import type { ApiClient, ApiRequest } from '../../../src/adapters/kubernetes/index.js';
import { DECLARED_KINDS } from '../../../src/adapters/kubernetes/declared-object.js';
import type { DeclaredKind, ObjectObserver } from '../../../src/adapters/kubernetes/declared-object.js';
import type { KubeObject } from '../../../src/adapters/kubernetes/kube-object.js';
import type { Clock } from '../../../src/reconcile/index.js';

interface Stored extends Record<string, unknown> {
  readonly metadata: KubeObject['metadata'];
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What a server does instead of answering: an HTTP status, or nothing at all. */
export type Fault = number | 'Hang';

/**
 * The part of an API server that statuses, Leases and Events need: versions that guard updates, and server-side apply
 * of statuses by field managers. Clients ask it by function calls.
 */
export class MemoryApi {
  readonly requests: SeenRequest[] = [];
  fault: (request: SeenRequest, user: string) => Fault | undefined = () => undefined;
  readonly observers: ObjectObserver[] = [];
  readonly #objects = new Map<string, Stored>();
  readonly #applied = new Map<string, Map<string, Record<string, unknown>>>();
  readonly #clock: Clock;
  #version = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  client(user = 'test'): ApiClient {
    return {
      server: 'memory',
      namespace: 'ipvs-operator',
      request: (request) => this.#request(request, user),
      watch: () => {
        throw new Error('nobody watches here');
      },
      close: () => undefined,
    };
  }

  get(path: string): Stored | undefined {
    return this.#objects.get(path);
  }

  /** Declares a VirtualService of the namespace shop, or a Director. */
  declare(kind: DeclaredKind, name: string, spec: object = {}): void {
    const path = pathOf(kind, name);
    const before = this.#objects.get(path);
    const namespace = kind === 'VirtualService' ? { namespace: 'shop' } : {};
    const generation = (before?.metadata.generation ?? 0) + 1;
    const metadata = { ...namespace, name, uid: before?.metadata.uid ?? `uid-${++this.#version}`, generation };
    this.#store(path, { ...before, metadata, spec });
  }

  remove(kind: DeclaredKind, name: string): void {
    this.#objects.delete(pathOf(kind, name));
    this.#applied.delete(pathOf(kind, name));
    for (const observer of this.observers) observer.gone(kind, [kind === 'Director' ? name : `shop/${name}`]);
  }

  status(kind: DeclaredKind, name: string): Readonly<Record<string, unknown>> {
    return (this.#objects.get(pathOf(kind, name))?.['status'] ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** Tells an observer all that there is, as a source that begins does. */
  tell(observer: ObjectObserver): void {
    for (const [path, object] of this.#objects) {
      const kind = kindOf(path);
      if (kind !== undefined) observer.seen(kind, [object]);
    }
  }

  async #request(
    { method, path, query = {}, body, signal, timeoutMilliseconds = 30_000 }: ApiRequest,
    user: string,
  ): Promise<{ status: number; body: unknown }> {
    await Promise.resolve();
    signal?.throwIfAborted();
    const request = { method, path, query: { ...query }, body };
    this.requests.push(request);
    const fault = this.fault(request, user);
    if (fault === 'Hang') await hang(this.#clock, timeoutMilliseconds, signal);
    else if (fault !== undefined) throw new ApiError({ status: fault, reason: 'Fault', message: `answered ${fault}` });
    return { status: 200, body: this.#answer(request) };
  }

  #answer({ method, path, query, body }: SeenRequest): unknown {
    const sent = body as Stored;
    switch (method) {
      case 'GET':
        return this.#objects.get(path) ?? this.#list(path, textOf(query['labelSelector']));
      case 'POST': {
        const target = `${path}/${sent.metadata.name}`;
        if (this.#objects.has(target)) throw refuse(409);
        return this.#store(target, sent);
      }
      case 'PUT': {
        const before = this.#objects.get(path);
        if (before === undefined) throw refuse(404);
        if (before.metadata.resourceVersion !== sent.metadata.resourceVersion) throw refuse(409);
        return this.#store(path, sent);
      }
      default:
        return path.endsWith('/status')
          ? this.#applyStatus(path.slice(0, -'/status'.length), textOf(query['fieldManager']), sent)
          : this.#store(path, { ...this.#objects.get(path), ...sent });
    }
  }

  #list(path: string, selector: string): unknown {
    const last = path.split('/').at(-1) ?? '';
    const isCollection = path.endsWith('/leases') || Object.values(DECLARED_KINDS).some((plural) => plural === last);
    if (!isCollection) throw refuse(404);
    const [label = '', value] = selector.split('=');
    const items = [...this.#objects].filter(
      ([key, { metadata }]) => key.includes(`/${last}/`) && (selector === '' || metadata.labels?.[label] === value),
    );
    return { metadata: { resourceVersion: String(this.#version) }, items: items.map(([, object]) => object) };
  }

  #applyStatus(path: string, manager: string, sent: Stored): unknown {
    const before = this.#objects.get(path);
    if (before === undefined) throw refuse(404);
    const managers = this.#applied.get(path) ?? new Map<string, Record<string, unknown>>();
    managers.set(manager, sent['status'] as Record<string, unknown>);
    this.#applied.set(path, managers);
    const directors = [...managers.values()].flatMap((status) => (status['directors'] ?? []) as readonly object[]);
    const status = Object.assign({}, ...managers.values(), { directors }) as object;
    if (JSON.stringify(status) === JSON.stringify(before['status'])) return before;
    return this.#store(path, { ...before, status });
  }

  #store(path: string, object: Stored): Stored {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    this.#objects.set(path, stored);
    const kind = kindOf(path);
    if (kind !== undefined) for (const observer of this.observers) observer.seen(kind, [stored]);
    return stored;
  }
}

function pathOf(kind: DeclaredKind, name: string): string {
  const place = kind === 'VirtualService' ? 'namespaces/shop/' : '';
  return `/apis/ipvs-operator.io/v1alpha1/${place}${DECLARED_KINDS[kind]}/${name}`;
}

function kindOf(path: string): DeclaredKind | undefined {
  const kinds = Object.keys(DECLARED_KINDS) as DeclaredKind[];
  return kinds.find((kind) => path.includes(`/${DECLARED_KINDS[kind]}/`));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function refuse(status: number): ApiError {
  return new ApiError({ status, reason: 'Refused', message: `refused with ${status}` });
}

function hang(clock: Clock, milliseconds: number, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => {
      reject(new ApiError({ status: 0, reason: 'Timeout', message: 'nothing came' }));
    };
    clock.schedule(milliseconds, end);
    signal?.addEventListener('abort', end);
  });
}
