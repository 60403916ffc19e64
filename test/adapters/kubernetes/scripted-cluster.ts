import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiClient } from '../../../src/adapters/kubernetes/index.js';
import { clientOf } from './local-server.js';

/** What a server does instead of answering. */
export type Fault =
  | { readonly kind: 'Status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Takes the request and says nothing. */
  | { readonly kind: 'Hang' }
  /** Closes the connection. */
  | { readonly kind: 'Reset' }
  /** Answers half. */
  | { readonly kind: 'Truncate' }
  /** A watch that ends at once. */
  | { readonly kind: 'EndOfWatch' }
  /** A watch that the server has forgotten the start of: an event that says so, after that of this object, and the end. */
  | { readonly kind: 'ExpiredEvent'; readonly after?: StoredObject };

export interface AskedRequest {
  readonly path: string;
  readonly isWatch: boolean;
  readonly query: URLSearchParams;
}

interface StoredObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Record<string, unknown> & { readonly name: string; readonly namespace?: string };
}

interface StoredEvent {
  readonly version: number;
  readonly type: string;
  readonly object: StoredObject;
}

interface Collection {
  readonly objects: Map<string, StoredObject>;
  readonly events: StoredEvent[];
  /** Watches from before this version are expired. */
  compacted: number;
}

interface OpenWatch {
  readonly path: string;
  readonly response: ServerResponse;
  readonly name: string | undefined;
}

/** Lists and watches of an API server over plain objects, which misbehaves as the test says. */
export class ScriptedCluster {
  readonly requests: AskedRequest[] = [];
  fault: (request: AskedRequest) => Fault | undefined = () => undefined;
  readonly #collections = new Map<string, Collection>();
  readonly #pages = new Map<string, { readonly items: readonly StoredObject[]; readonly version: number }>();
  readonly #watches = new Set<OpenWatch>();
  #server: Server | undefined;
  #port = 0;
  #version = 100;
  #client: ApiClient | undefined;

  static async start(): Promise<ScriptedCluster> {
    const cluster = new ScriptedCluster();
    await cluster.start();
    return cluster;
  }

  get client(): ApiClient {
    this.#client ??= clientOf(`http://127.0.0.1:${this.#port}`);
    return this.#client;
  }

  /** How many watches are open. */
  get watchCount(): number {
    return this.#watches.size;
  }

  /** Again on the same port, after `stop`. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Breaks all connections; what is stored stays. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  }

  async close(): Promise<void> {
    this.#client?.close();
    await this.stop();
  }

  put(path: string, object: StoredObject): void {
    const { objects } = this.#collection(path);
    const key = keyOf(object);
    const before = objects.get(key);
    const version = ++this.#version;
    const metadata = {
      uid: before?.metadata['uid'] ?? `uid-${version}`,
      generation: ((before?.metadata['generation'] as number | undefined) ?? 0) + 1,
      creationTimestamp: before?.metadata['creationTimestamp'] ?? '2026-01-01T00:00:00Z',
      ...object.metadata,
      resourceVersion: String(version),
      managedFields: [{ manager: 'kubectl', operation: 'Apply' }],
    };
    const stored = { ...object, metadata };
    objects.set(key, stored);
    this.#record(path, { version, type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored });
  }

  delete(path: string, key: string): void {
    const { objects } = this.#collection(path);
    const before = objects.get(key);
    if (before === undefined) return;
    objects.delete(key);
    const version = ++this.#version;
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } };
    this.#record(path, { version, type: 'DELETED', object });
  }

  /** Forgets all events, as etcd does after some minutes. */
  compact(): void {
    for (const collection of this.#collections.values()) {
      collection.events.length = 0;
      collection.compacted = this.#version;
    }
  }

  bookmark(): void {
    const object = { metadata: { name: '', resourceVersion: String(this.#version) } };
    for (const { response } of this.#watches) send(response, 'BOOKMARK', object);
  }

  /** The server's own end of all watches, as after `timeoutSeconds`. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end();
    this.#watches.clear();
  }

  #collection(path: string): Collection {
    let collection = this.#collections.get(path);
    if (collection === undefined) {
      collection = { objects: new Map(), events: [], compacted: 0 };
      this.#collections.set(path, collection);
    }
    return collection;
  }

  #record(path: string, event: StoredEvent): void {
    this.#collection(path).events.push(event);
    for (const watch of this.#watches)
      if (watch.path === path && isMeant(watch.name, event.object)) sendEvent(watch, event);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://server');
    const asked = { path: url.pathname, isWatch: url.searchParams.get('watch') === 'true', query: url.searchParams };
    this.requests.push(asked);
    const fault = this.fault(asked);
    switch (fault?.kind) {
      case undefined:
        if (asked.isWatch) this.#watch(asked, response);
        else this.#list(asked, response);
        return;
      case 'Hang':
        return;
      case 'Reset':
        response.destroy();
        return;
      case 'Truncate':
        response.writeHead(200, { 'content-length': '1000' }).write('{"items": [{"meta', () => response.destroy());
        return;
      case 'Status': {
        const { status, retryAfterSeconds } = fault;
        refuse(response, status, retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) });
        return;
      }
      case 'EndOfWatch':
        response.writeHead(200).end();
        return;
      case 'ExpiredEvent':
        response.writeHead(200);
        if (fault.after !== undefined) send(response, 'MODIFIED', fault.after);
        send(response, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
        response.end();
    }
  }

  #list({ path, query }: AskedRequest, response: ServerResponse): void {
    const limit = Number(query.get('limit') ?? '0');
    const token = query.get('continue');
    const page = token === null ? this.#firstPage(path, query) : this.#pages.get(token);
    if (page === undefined) {
      refuse(response, 410, {});
      return;
    }
    const { items, version } = page;
    const now = limit === 0 ? items : items.slice(0, limit);
    const metadata: Record<string, string> = { resourceVersion: String(version) };
    if (now.length < items.length) {
      const next = `page-${this.#pages.size}`;
      this.#pages.set(next, { items: items.slice(now.length), version });
      metadata['continue'] = next;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ metadata, items: now }));
  }

  #firstPage(
    path: string,
    query: URLSearchParams,
  ): { readonly items: readonly StoredObject[]; readonly version: number } {
    const name = nameIn(query);
    const items = [...this.#collection(path).objects.values()].filter((object) => isMeant(name, object));
    return { items, version: this.#version };
  }

  #watch({ path, query }: AskedRequest, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    const { compacted, events } = this.#collection(path);
    if (from < compacted) {
      refuse(response, 410, {});
      return;
    }
    const watch: OpenWatch = { path, response, name: nameIn(query) };
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    for (const event of events) if (event.version > from && isMeant(watch.name, event.object)) sendEvent(watch, event);
  }
}

function keyOf({ metadata: { name, namespace } }: StoredObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function nameIn(query: URLSearchParams): string | undefined {
  return /^metadata\.name=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
}

function isMeant(name: string | undefined, object: StoredObject): boolean {
  return name === undefined || object.metadata.name === name;
}

function sendEvent({ response }: OpenWatch, { type, object }: StoredEvent): void {
  send(response, type, object);
}

function send(response: ServerResponse, type: string, object: unknown): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string>): void {
  const body = { kind: 'Status', status: 'Failure', code: status, message: `refused with ${status}` };
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
