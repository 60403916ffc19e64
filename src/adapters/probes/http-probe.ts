import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { RequestOptions as SecureRequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { Target } from '../../health/index.js';
import type { HttpCheck, TlsSettings } from '../../model/index.js';
import { matchesPattern } from './body-match.js';
import { failedOutcome, lateOutcome } from './probe.js';
import type { Layer, Outcome, RunningProbe } from './probe.js';

/** What is expected of the body has to be within so many bytes; what follows is not read. */
const MAXIMUM_BODY_BYTES = 65_536;
const MAXIMUM_HEADER_BYTES = 16_384;

const PASSED: Outcome = { code: 'L7OK', message: '' };

/** Asks for a page over a connection of its own, and looks at the answer. */
export function startHttpProbe(
  target: Pick<Target, 'address' | 'port'>,
  check: HttpCheck,
  contexts: SecureContexts,
  end: (outcome: Outcome) => void,
): RunningProbe {
  let layer: Layer = 'L4';
  let isOver = false;
  let asking: ClientRequest | undefined;
  const stop = (): void => {
    isOver = true;
    asking?.destroy();
  };
  const finish = (outcome: Outcome): void => {
    if (isOver) return;
    stop();
    end(outcome);
  };
  try {
    asking = ask(target, check, contexts);
  } catch (error) {
    // Certificates that are none, and the like.
    const outcome: Outcome = { code: 'L6RSP', message: error instanceof Error ? error.message : String(error) };
    setImmediate(finish, outcome);
    return { expire: () => (stop(), outcome) };
  }
  asking.on('error', (error) => {
    finish(failedOutcome(layer, error));
  });
  asking.on('socket', (socket) => {
    socket.once('connect', () => {
      layer = check.tls === null ? 'L7' : 'L6';
    });
    socket.once('secureConnect', () => {
      layer = 'L7';
    });
  });
  let progress = 'without an answer';
  asking.on('response', (response) => {
    progress = 'in the midst of its answer';
    judgeResponse(response, check, finish);
  });
  asking.on('close', () => {
    finish({ code: 'L7RSP', message: `the server closed ${progress}` });
  });
  asking.end();
  return {
    expire: () => {
      stop();
      return lateOutcome(layer);
    },
  };
}

function ask({ address, port }: Pick<Target, 'address' | 'port'>, check: HttpCheck, contexts: SecureContexts) {
  const { verb, path, host, headers, tls } = check;
  const authority = host ?? authorityOf(address, port, tls === null ? 80 : 443);
  const options: RequestOptions = {
    host: address,
    port,
    method: verb,
    path,
    agent: false,
    maxHeaderSize: MAXIMUM_HEADER_BYTES,
    setHost: false,
    headers: {
      host: authority,
      'user-agent': 'ipvs-operator',
      accept: '*/*',
      connection: 'close',
      ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    },
  };
  if (tls === null) return requestHttp(options);
  const name = tls.serverName ?? (host === null ? address : host.replace(/:[0-9]+$/, ''));
  const secure: SecureRequestOptions & Pick<ConnectionOptions, 'secureContext'> = {
    ...options,
    // An address is no name that may be asked for.
    servername: isIP(name) === 0 ? name : '',
    rejectUnauthorized: tls.isVerified,
    secureContext: contexts.of(tls),
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  };
  return requestHttps(secure);
}

function authorityOf(address: string, port: number, usualPort: number): string {
  const place = address.includes(':') ? `[${address}]` : address;
  return port === usualPort ? place : `${place}:${port}`;
}

function judgeResponse(response: IncomingMessage, check: HttpCheck, finish: (outcome: Outcome) => void): void {
  const status = response.statusCode ?? 0;
  if (!check.statuses.some(({ first, last }) => first <= status && status <= last)) {
    finish({ code: 'L7STS', message: `status ${status}` });
    return;
  }
  if (check.bodyText === '' && check.bodyPattern === '') {
    finish(PASSED);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  const judge = (): void => {
    finish(judgeBody(Buffer.concat(chunks).subarray(0, MAXIMUM_BODY_BYTES).toString(), check));
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= MAXIMUM_BODY_BYTES) judge();
  });
  response.on('end', judge);
  response.on('error', (error) => {
    finish(failedOutcome('L7', error));
  });
}

function judgeBody(body: string, { bodyText, bodyPattern }: HttpCheck): Outcome {
  if (!body.includes(bodyText)) return { code: 'L7RSP', message: 'the body does not contain what is expected' };
  if (bodyPattern === '') return PASSED;
  switch (matchesPattern(body, bodyPattern)) {
    case true:
      return PASSED;
    case false:
      return { code: 'L7RSP', message: 'the body does not match the pattern' };
    case undefined:
      return { code: 'L7RSP', message: 'matching the pattern with this body takes too long' };
  }
}

/** Making a context costs more than a probe: those that trust the same certificates share one. */
export class SecureContexts {
  readonly #byTrusted = new Map<string | null, SecureContext>();

  of({ trusted }: TlsSettings): SecureContext {
    let context = this.#byTrusted.get(trusted);
    if (context === undefined) {
      context = createSecureContext(trusted === null ? {} : { ca: trusted });
      this.#byTrusted.set(trusted, context);
    }
    return context;
  }
}
