import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Delivery } from './hook-queue.js';

const TIMEOUT_MILLISECONDS = 5000;

export interface WebhookInput {
  /** http: or https: */
  readonly url: URL;
  /** JSON. */
  readonly body: string;
  readonly signal: AbortSignal;
  readonly timeoutMilliseconds?: number;
}

/** Posts events. Every status from 200 to 299 takes them; of the answer nothing else counts, or is read. */
export function postHookEvents(input: WebhookInput): Promise<Delivery> {
  const { url, body, signal, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = input;
  return new Promise((resolve) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'ipvs-operator',
    };
    const asking = send(url, { method: 'POST', headers, agent: false, signal: limit });
    asking.on('response', (response) => {
      const status = response.statusCode ?? 0;
      response.on('error', () => undefined);
      asking.destroy();
      resolve(deliveryOf(status));
    });
    asking.on('error', (error) => {
      const reason = limit.aborted ? `no answer within ${timeoutMilliseconds / 1000} s` : error.message;
      resolve({ kind: 'Failed', reason, isWorthRetrying: true });
    });
    // Where the server changes the protocol, for one, nothing else is heard of it.
    asking.on('close', () => {
      resolve({ kind: 'Failed', reason: 'it closes without an answer', isWorthRetrying: true });
    });
    asking.end(body);
  });
}

function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { kind: 'Delivered' };
  const isWorthRetrying = status >= 500 || status === 408 || status === 429;
  return { kind: 'Failed', reason: `it answers with status ${status}`, isWorthRetrying };
}
