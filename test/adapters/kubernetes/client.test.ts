import { afterEach, describe, expect, it } from 'vitest';
import type { WatchEvent } from '../../../src/adapters/kubernetes/index.js';
import { verbOf } from '../../../src/adapters/kubernetes/verbs.js';
import { startLocalServer } from './local-server.js';
import type { LocalServer } from './local-server.js';

let server: LocalServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const json = { 'content-type': 'application/json' };

describe('a request', () => {
  it('sends method, query and body, and parses the answer', async () => {
    server = await startLocalServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(201, json).end(JSON.stringify({ method: request.method, url: request.url, body }));
      });
    });
    const { status, body } = await server.client.request({
      method: 'POST',
      path: '/api/v1/things',
      query: { fieldManager: 'a/b', force: true, dryRun: undefined },
      body: { naïve: '☃' },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      method: 'POST',
      url: '/api/v1/things?fieldManager=a%2Fb&force=true',
      body: '{"naïve":"☃"}',
    });
  });

  it('rejects with what the server says', async () => {
    server = await startLocalServer((_, response) => {
      const status = { kind: 'Status', reason: 'TooManyRequests', message: 'later', code: 429 };
      response.writeHead(429, { ...json, 'retry-after': '7' }).end(JSON.stringify(status));
    });
    await expect(server.client.request({ method: 'GET', path: '/api/v1/nodes' })).rejects.toMatchObject({
      name: 'ApiError',
      status: 429,
      reason: 'TooManyRequests',
      message: 'later',
      retryAfterSeconds: 7,
    });
  });

  it('rejects with the text of a proxy that is no API server', async () => {
    server = await startLocalServer((_, response) => response.writeHead(502).end('Bad Gateway\n'));
    await expect(server.client.request({ method: 'GET', path: '/x' })).rejects.toMatchObject({
      status: 502,
      message: 'the API server answered 502: Bad Gateway',
    });
  });

  it('rejects where nobody listens, where the answer hangs or breaks off, and where it is no JSON', async () => {
    server = await startLocalServer((request, response) => {
      if (request.url === '/half') {
        response.writeHead(200, { ...json, 'content-length': '100' }).write('{"a":');
        setTimeout(() => response.destroy(), 20);
      }
      if (request.url === '/upgrade')
        request.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
      if (request.url === '/html') response.writeHead(200).end('<html>');
    });
    const { client } = server;
    const ask = (path: string) => client.request({ method: 'GET', path, timeoutMilliseconds: 100 });
    await expect(ask('/hang')).rejects.toMatchObject({ status: 0, reason: 'Timeout' });
    await expect(ask('/half')).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
    await expect(ask('/upgrade')).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
    await expect(ask('/html')).rejects.toMatchObject({ status: 0, reason: 'Malformed' });
    await server.close();
    await expect(ask('/')).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
    server = undefined;
  });

  it('ends with the reason of its signal', async () => {
    server = await startLocalServer(() => undefined);
    const ending = new AbortController();
    const asked = server.client.request({ method: 'GET', path: '/hang', signal: ending.signal });
    const reason = new Error('enough');
    setTimeout(() => {
      ending.abort(reason);
    }, 20);
    await expect(asked).rejects.toBe(reason);
  });
});

describe('a watch', () => {
  async function collect(events: AsyncIterable<WatchEvent>): Promise<WatchEvent[]> {
    const all: WatchEvent[] = [];
    for await (const event of events) all.push(event);
    return all;
  }

  it('takes lines apart that chunks cut anywhere', async () => {
    const events = [1, 2, 3].map((i) => ({ type: 'ADDED', object: { i, text: 'ü☃𝄞' } }));
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    server = await startLocalServer((_, response) => {
      response.writeHead(200, json);
      void (async () => {
        for (const byte of bytes) {
          response.write(Buffer.of(byte));
          await new Promise(setImmediate);
        }
        response.end();
      })();
    });
    expect(await collect(server.client.watch({ path: '/w', idleTimeoutMilliseconds: 5000 }))).toEqual(events);
  });

  it('throws where nothing comes for too long', async () => {
    server = await startLocalServer((_, response) => response.writeHead(200, json).write('{"type":"BOOKMARK"}\n'));
    const { client } = server;
    await expect(collect(client.watch({ path: '/w', idleTimeoutMilliseconds: 50 }))).rejects.toMatchObject({
      reason: 'Timeout',
    });
  });

  it('throws what the server refuses with, and for lines that are no events', async () => {
    server = await startLocalServer((request, response) => {
      if (request.url?.startsWith('/gone') === true) response.writeHead(410).end('{"reason":"Expired"}');
      else response.writeHead(200).end('{"kind":"Status"}\n');
    });
    const watch = (path: string) => server?.client.watch({ path, idleTimeoutMilliseconds: 1000 }) ?? [];
    await expect(collect(watch('/gone') as AsyncIterable<WatchEvent>)).rejects.toMatchObject({
      status: 410,
      reason: 'Expired',
    });
    await expect(collect(watch('/odd') as AsyncIterable<WatchEvent>)).rejects.toMatchObject({ reason: 'Malformed' });
  });

  it('ends the connection when its reader leaves', async () => {
    const closed = deferred();
    server = await startLocalServer((_, response) => {
      response.on('close', closed.resolve);
      response.writeHead(200, json).write('{"type":"ADDED","object":{}}\n');
    });
    for await (const event of server.client.watch({ path: '/w', idleTimeoutMilliseconds: 5000 })) {
      expect(event.type).toBe('ADDED');
      break;
    }
    await closed.promise;
  });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('verbs', () => {
  it.each([
    ['GET', '/api/v1/nodes', 'list'],
    ['GET', '/api/v1/nodes/a', 'get'],
    ['GET', '/api/v1/namespaces', 'list'],
    ['GET', '/api/v1/namespaces/shop', 'get'],
    ['GET', '/api/v1/namespaces/shop/pods', 'list'],
    ['GET', '/apis/ipvs-operator.io/v1alpha1/virtualservices', 'list'],
    ['GET', '/apis/ipvs-operator.io/v1alpha1/namespaces/shop/virtualservices/web', 'get'],
    ['PATCH', '/apis/ipvs-operator.io/v1alpha1/namespaces/shop/virtualservices/web/status', 'patch'],
    ['PUT', '/apis/coordination.k8s.io/v1/namespaces/a/leases/b', 'update'],
  ] as const)('%s %s is %s', (method, path, verb) => {
    expect(verbOf(method, path)).toBe(verb);
  });
});
