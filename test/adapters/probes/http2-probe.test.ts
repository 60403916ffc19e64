import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { HttpCheck, TlsSettings } from '../../../src/model/index.js';
import { AUTHORITY, GOOD_CERTIFICATE, GOOD_KEY } from './certificates.js';
import { flood, FRAME, frame, GOOD_H2, numbers, sayFrames, serveHttp2 } from './http2-servers.js';
import { answer, closedPort, http, probe, serve } from './servers.js';

const TLS: TlsSettings = {
  serverName: 'www.example.org',
  isVerified: true,
  trusted: AUTHORITY,
  clientCertificate: null,
};

function http2(some: Partial<HttpCheck> = {}): HttpCheck {
  return http({ version: 'HTTP/2', ...some });
}

function page(status: number, body: string): Parameters<typeof serveHttp2>[0] {
  return (stream) => {
    stream.respond({ ':status': status });
    stream.end(body);
  };
}

describe('a probe by HTTP/2', () => {
  test.each<[string, Partial<HttpCheck>, string]>([
    ['passes with a good status', {}, 'L7OK'],
    ['fails with another one', { statuses: [{ first: 204, last: 204 }] }, 'L7STS status 200'],
    ['passes with what it expects of the body', { bodyText: 'ok' }, 'L7OK'],
    ['fails with another body', { bodyText: 'fine' }, 'L7RSP the body does not contain what is expected'],
  ])('%s', async (_, check, expected) => {
    expect(await probe(http2(check), await serveHttp2(page(200, 'ok')))).toBe(expected);
    expect(await probe(http2({ ...check, tls: TLS }), await serveHttp2(page(200, 'ok'), GOOD_H2))).toBe(expected);
  });

  test('asks as it is told', async () => {
    let asked: IncomingHttpHeaders = {};
    const port = await serveHttp2((stream, headers) => {
      asked = headers;
      page(200, '')(stream, headers);
    });
    const headers = [
      { name: 'X-Probe', value: 'yes' },
      { name: 'Connection', value: 'close' },
    ];
    expect(await probe(http2({ verb: 'HEAD', path: '/up?x=1', host: 'shop', headers }), port)).toBe('L7OK');
    expect(Object.fromEntries(Object.entries(asked))).toEqual({
      ':method': 'HEAD',
      ':scheme': 'http',
      ':authority': 'shop',
      ':path': '/up?x=1',
      'user-agent': 'ipvs-operator',
      accept: '*/*',
      'x-probe': 'yes',
    });
  });

  test('takes a header of its own as the host', async () => {
    let authority: string | undefined;
    const port = await serveHttp2((stream, headers) => {
      authority = headers[':authority'];
      page(200, '')(stream, headers);
    });
    await probe(http2({ headers: [{ name: 'Host', value: 'shop' }] }), port);
    expect(authority).toBe('shop');
  });

  test('fails where TLS is spoken without HTTP/2', async () => {
    const tls = { key: GOOD_KEY, cert: GOOD_CERTIFICATE };
    expect(await probe(http2({ tls: TLS }), await answer('', tls))).toBe('L6RSP the server does not offer HTTP/2');
    const other = await answer('', { ...tls, ALPNProtocols: ['http/1.1'] });
    expect(await probe(http2({ tls: TLS }), other)).toMatch(/^L6RSP .*alert no application protocol/);
  });

  test('fails where nobody listens', async () => {
    expect(await probe(http2(), await closedPort())).toBe('L4CON connection refused');
  });

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['closes at once', (socket) => socket.end(), /^L7RSP /],
    ['resets at once', (socket) => socket.resetAndDestroy(), /^L[47]/],
    ['speaks HTTP/1.1', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /^L7RSP /],
    ['says nothing', () => undefined, /^L7TOUT no answer in time$/],
    ['only says hello', sayFrames(), /^L7TOUT no answer in time$/],
    [
      'goes away with an error',
      sayFrames(frame(FRAME.GOAWAY, 0, 0, numbers(0, 2))),
      /^L7RSP the server ends the session with error 2$/,
    ],
    ['goes away without an answer', sayFrames(frame(FRAME.GOAWAY, 0, 0, numbers(0, 0))), /^L7RSP /],
    ['refuses the request', sayFrames(frame(FRAME.RST_STREAM, 0, 1, numbers(7))), /^L7RSP .*REFUSED_STREAM/],
    ['cancels the request', sayFrames(frame(FRAME.RST_STREAM, 0, 1, numbers(8))), /^L7RSP the server closed/],
    ['sends a frame that is too long', sayFrames(frame(FRAME.DATA, 0, 1, Buffer.alloc(20_000))), /^L7(RSP|TOUT) /],
    ['answers where nothing was asked', sayFrames(frame(FRAME.HEADERS, 4, 2, Buffer.from([0x88]))), /^L7RSP /],
    [
      'gives up in the midst of the body',
      sayFrames(
        frame(FRAME.HEADERS, 4, 1, Buffer.from([0x88])),
        frame(FRAME.DATA, 0, 1, Buffer.from('ok')),
        frame(FRAME.RST_STREAM, 0, 1, numbers(8)),
      ),
      /^L7RSP the server gave up in the midst of its answer$/,
    ],
    [
      'closes in the midst of the body',
      (socket) => {
        sayFrames(frame(FRAME.HEADERS, 4, 1, Buffer.from([0x88])), frame(FRAME.DATA, 0, 1, Buffer.from('ok')))(socket);
        setTimeout(() => socket.end(), 60);
      },
      /^L7RSP /,
    ],
    [
      'floods with settings',
      flood(Buffer.concat(Array.from({ length: 1000 }, () => frame(FRAME.SETTINGS, 0, 0)))),
      /^L7RSP /,
    ],
    [
      'floods with pings',
      (socket) => {
        socket.write(frame(FRAME.SETTINGS, 0, 0));
        flood(Buffer.concat(Array.from({ length: 1000 }, () => frame(FRAME.PING, 0, 0, Buffer.alloc(8)))))(socket);
      },
      /^L7RSP /,
    ],
    [
      'sends headers without end',
      (socket) => {
        sayFrames(frame(FRAME.HEADERS, 0, 1, Buffer.from([0x88])))(socket);
        setTimeout(() => {
          flood(frame(FRAME.CONTINUATION, 0, 1, Buffer.alloc(10_000, 0x88)))(socket);
        }, 40);
      },
      /^L7RSP /,
    ],
  ])('gives one verdict on a server that %s', async (_, behave, expected) => {
    expect(await probe(http2({ bodyText: 'ok' }), await serve(behave))).toMatch(expected);
  });

  test('takes the answer of a server that goes away in peace meanwhile', async () => {
    const port = await serveHttp2((stream) => {
      stream.session?.goaway(0, 1);
      setTimeout(() => {
        page(200, 'ok')(stream, {});
      }, 20);
    });
    expect(await probe(http2({ bodyText: 'ok' }), port)).toBe('L7OK');
  });

  test('fails where a server only ever says that it is about to answer', async () => {
    const port = await serveHttp2((stream) => {
      for (let i = 0; i < 100; i++) stream.additionalHeaders({ ':status': 103 });
    });
    expect(await probe(http2(), port)).toBe('L7RSP the server answers without end');
  });

  test('reads 64 KiB of a body that never ends', async () => {
    const port = await serveHttp2((stream) => {
      stream.respond({ ':status': 200 });
      const more = (): void => {
        while (stream.writable && stream.write('x'.repeat(10_000)));
      };
      stream.on('drain', more);
      more();
    });
    expect(await probe(http2({ bodyText: 'ok' }), port)).toBe('L7RSP the body does not contain what is expected');
  });
});
