import type { IncomingMessage } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import { ApiError, refusal } from './api-error.js';
import { Connector } from './exchange.js';
import type { Exchange } from './exchange.js';
import { JsonLines, malformed, parseJson } from './json-lines.js';
import { verbOf } from './verbs.js';
import type { Method, Verb } from './verbs.js';

/** Asks one API server. It retries nothing: who asks knows what may be asked twice. */
export interface ApiClient {
  /** As the kubeconfig has it: `https://10.0.0.1:6443`. */
  readonly server: string;
  /** Of the context, or of the pod; `default` where neither says one. */
  readonly namespace: string;
  /**
   * Resolves for answers of success only. Rejects with an `ApiError` for all others and for trouble on the way, and with
   * the signal's reason once it is aborted.
   */
  request(request: ApiRequest): Promise<ApiResponse>;
  /**
   * The events of a watch, until the server ends it, which is no error. Throws as `request` rejects, and where nothing
   * comes for too long. ERROR events are events like others.
   */
  watch(request: WatchRequest): AsyncIterable<WatchEvent>;
  /** Ends the connections that nobody uses now. */
  close(): void;
}

/** Parameters of the query; those without a value are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  readonly method: Method;
  /** `/apis/ipvs-operator.io/v1alpha1/virtualservices`. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` where it is absent. */
  readonly contentType?: string;
  /** For the whole answer: 30 s where it is absent. */
  readonly timeoutMilliseconds?: number;
  readonly signal?: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  /** Parsed; `undefined` where there is none. */
  readonly body: unknown;
}

export interface WatchRequest {
  readonly path: string;
  readonly query?: Query;
  /** How long nothing may come, bookmarks included. The time that the reader takes does not count. */
  readonly idleTimeoutMilliseconds: number;
  readonly signal?: AbortSignal;
  /** Is called once the server has agreed, before the first event. */
  readonly onOpen?: () => void;
}

export interface WatchEvent {
  /** ADDED, MODIFIED, DELETED, BOOKMARK or ERROR. */
  readonly type: string;
  readonly object: unknown;
}

export interface ApiClientOptions {
  /** With a current context whose cluster exists. */
  readonly config: KubeConfig;
  /** Is told every request before it is sent. */
  readonly onRequest?: ((request: { readonly verb: Verb; readonly path: string }) => void) | undefined;
}

const DEFAULT_TIMEOUT_MILLISECONDS = 30_000;
const MAXIMUM_ANSWER_BYTES = 256 * 1024 * 1024;

export function createApiClient(options: ApiClientOptions): ApiClient {
  return new HttpApiClient(options);
}

class HttpApiClient implements ApiClient {
  readonly server: string;
  readonly namespace: string;
  readonly #connector: Connector;
  readonly #onRequest: ApiClientOptions['onRequest'];

  constructor({ config, onRequest }: ApiClientOptions) {
    this.server = config.getCurrentCluster()?.server ?? '';
    this.namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
    this.#connector = new Connector(config, this.server);
    this.#onRequest = onRequest;
  }

  async request(asked: ApiRequest): Promise<ApiResponse> {
    const { method, path, query, contentType = 'application/json', signal } = asked;
    const { timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS } = asked;
    signal?.throwIfAborted();
    this.#onRequest?.({ verb: verbOf(method, path), path });
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
    const headers: Record<string, string> =
      body === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body).toString() };
    const exchange = await this.#connector.open(method, targetOf(path, query), headers, body, signal);
    const deadline = this.#endAfter(exchange, timeoutMilliseconds);
    try {
      const response = await exchange.answer();
      const text = await readText(response);
      if (!isSuccess(response)) throw refusalOf(response, text);
      return { status: response.statusCode ?? 0, body: text === '' ? undefined : parseJson(text) };
    } catch (error) {
      throw exchange.errorFor(error);
    } finally {
      clearTimeout(deadline);
      exchange.close();
    }
  }

  async *watch(asked: WatchRequest): AsyncIterable<WatchEvent> {
    const { path, query, idleTimeoutMilliseconds, signal } = asked;
    signal?.throwIfAborted();
    this.#onRequest?.({ verb: 'watch', path });
    const target = targetOf(path, { ...query, watch: true });
    const exchange = await this.#connector.open('GET', target, {}, undefined, signal);
    const waitFor = async <T>(next: Promise<T>, milliseconds = idleTimeoutMilliseconds): Promise<T> => {
      const deadline = this.#endAfter(exchange, milliseconds);
      try {
        return await next;
      } finally {
        clearTimeout(deadline);
      }
    };
    try {
      const headMilliseconds = Math.min(idleTimeoutMilliseconds, DEFAULT_TIMEOUT_MILLISECONDS);
      const response = await waitFor(exchange.answer(), headMilliseconds);
      if (!isSuccess(response)) throw refusalOf(response, await waitFor(readText(response)));
      asked.onOpen?.();
      const lines = new JsonLines();
      const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      for (let next = await waitFor(chunks.next()); next.done !== true; next = await waitFor(chunks.next())) {
        for (const value of lines.take(next.value)) yield eventOf(value);
      }
    } catch (error) {
      throw exchange.errorFor(error);
    } finally {
      exchange.close();
    }
  }

  close(): void {
    this.#connector.close();
  }

  #endAfter(exchange: Exchange, milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      const message = `${this.server} said nothing for ${milliseconds / 1000} s`;
      exchange.end(new ApiError({ status: 0, reason: 'Timeout', message }));
    }, milliseconds);
  }
}

function targetOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function refusalOf(response: IncomingMessage, text: string): ApiError {
  return refusal(response.statusCode ?? 0, response.headers['retry-after'], text);
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAXIMUM_ANSWER_BYTES) throw malformed(`more than ${MAXIMUM_ANSWER_BYTES / 1024 / 1024} MiB`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function eventOf(value: unknown): WatchEvent {
  if (typeof value === 'object' && value !== null) {
    const { type, object } = value as Partial<WatchEvent>;
    if (typeof type === 'string') return { type, object };
  }
  throw malformed('a watch event without a type');
}
