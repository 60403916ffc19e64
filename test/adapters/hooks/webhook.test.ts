import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { postHookEvents } from '../../../src/adapters/hooks/index.js';
import type { Delivery } from '../../../src/adapters/hooks/index.js';

const open: Server[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  open.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=b`);
}

function post(url: URL, signal = new AbortController().signal): Promise<Delivery> {
  return postHookEvents({ url, body: '{"events":["ä"]}', signal, timeoutMilliseconds: 200 });
}

describe('a webhook', () => {
  test('gets the events as JSON', async () => {
    let got: unknown;
    const url = await serve((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        got = [request.method, request.url, request.headers['content-type'], JSON.parse(body)];
        response.writeHead(204).end();
      });
    });
    expect(await post(url)).toEqual({ kind: 'Delivered' });
    expect(got).toEqual(['POST', '/hook?a=b', 'application/json', { events: ['ä'] }]);
  });

  test.each([
    [500, true],
    [429, true],
    [404, false],
    [302, false],
  ])('that answers with %i did not take them', async (status, isWorthRetrying) => {
    const url = await serve((_, response) => response.writeHead(status, { location: '/' }).end());
    expect(await post(url)).toEqual({ kind: 'Failed', reason: `it answers with status ${status}`, isWorthRetrying });
  });

  test('that does not answer is given up', async () => {
    const reason = 'no answer within 0.2 s';
    expect(await post(await serve(() => undefined))).toEqual({ kind: 'Failed', reason, isWorthRetrying: true });
  });

  test('that answers without end has answered', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      setInterval(() => response.write('x'.repeat(100_000)), 1).unref();
    });
    expect(await post(url)).toEqual({ kind: 'Delivered' });
  });

  test('that changes the protocol has not answered', async () => {
    const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
    const url = await serve(({ socket }) => socket.write(head));
    const reason = 'it closes without an answer';
    expect(await post(url)).toEqual({ kind: 'Failed', reason, isWorthRetrying: true });
  });

  test('that is not there is tried again', async () => {
    const url = await serve(() => undefined);
    for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
    expect(await post(url)).toMatchObject({ kind: 'Failed', isWorthRetrying: true });
  });

  test('is left at the end', async () => {
    const ending = new AbortController();
    const posted = post(await serve(() => undefined), ending.signal);
    ending.abort();
    expect(await posted).toMatchObject({ kind: 'Failed' });
  });
});
