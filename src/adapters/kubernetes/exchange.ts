import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { ApiError } from './api-error.js';

/** Sends requests with the credentials of a kubeconfig. */
export class Connector {
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #usesProxy: boolean;
  readonly #agent: HttpAgent;

  constructor(config: KubeConfig, server: string) {
    this.#config = config;
    this.#server = server.replace(/\/$/, '');
    this.#usesProxy = config.getCurrentCluster()?.proxyUrl !== undefined;
    // Connections are pooled by the credentials of each request, so that new ones do not ride on old connections.
    this.#agent = server.startsWith('http:') ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
  }

  /** `target` is path and query. The body is text of JSON. */
  async open(
    method: string,
    target: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Exchange> {
    const options: RequestOptions = { method, headers: { accept: 'application/json', ...headers } };
    try {
      // Tokens are renewed in here: from their file, by an exec plugin.
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new ApiError({
        status: 0,
        reason: 'Credentials',
        message: `no credentials: ${messageOf(error)}`,
        cause: error,
      });
    }
    signal?.throwIfAborted();
    if (!this.#usesProxy) options.agent = this.#agent;
    const url = `${this.#server}${target}`;
    const sent = url.startsWith('http:') ? requestHttp(url, options) : requestHttps(url, options);
    const exchange = new Exchange(sent, this.#server, signal);
    sent.end(body);
    return exchange;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** One request and its answer, which may be ended from outside at any time. */
export class Exchange {
  readonly #sent: ClientRequest;
  readonly #server: string;
  readonly #signal: AbortSignal | undefined;
  readonly #answer: Promise<IncomingMessage>;
  readonly #abort = (): void => {
    this.end(this.#signal?.reason instanceof Error ? this.#signal.reason : new Error('aborted'));
  };
  #response: IncomingMessage | undefined;
  #cause: Error | undefined;

  constructor(sent: ClientRequest, server: string, signal: AbortSignal | undefined) {
    this.#sent = sent;
    this.#server = server;
    this.#signal = signal;
    this.#answer = new Promise((resolve, reject) => {
      sent.once('response', (response) => {
        this.#response = response;
        resolve(response);
      });
      // Errors after the answer began reach its reader.
      sent.on('error', reject);
      // Where the server changes the protocol, nothing else is heard of it.
      sent.on('close', () => {
        reject(new Error('it closed without an answer'));
      });
    });
    this.#answer.catch(() => undefined);
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** The answer's head; its body is still to be read. */
  answer(): Promise<IncomingMessage> {
    return this.#answer;
  }

  end(cause: Error): void {
    this.#cause ??= cause;
    this.#sent.destroy(cause);
    this.#response?.destroy(cause);
  }

  /** To be called when nobody reads any more. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    if (this.#response?.complete !== true) this.end(new Error('nobody reads the answer'));
  }

  /** What to throw for an error that reading met: the reason for which it was ended, or trouble on the way. */
  errorFor(error: unknown): unknown {
    if (this.#signal?.aborted === true) return this.#signal.reason;
    const cause = this.#cause ?? error;
    if (cause instanceof ApiError) return cause;
    return new ApiError({
      status: 0,
      reason: 'Unreachable',
      message: `${this.#server} does not answer: ${messageOf(cause)}`,
      cause,
    });
  }
}

function messageOf(error: unknown): string {
  // Several addresses that all failed come as one error without a message.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
