import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { HttpCheck, TlsSettings } from '../../../src/model/index.js';
import { AUTHORITY, EXPIRED_CERTIFICATE, EXPIRED_KEY, GOOD_CERTIFICATE, GOOD_KEY } from './certificates.js';
import { answer, closedPort, http, probe, serve } from './servers.js';

const DIGEST_OF_OK = '2689367b205c16ce32ed4200942b8b8b1e262dfc70d9bc9fbc77c49699a4f1df';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('an HTTP probe', () => {
  test.each<[string, string, Partial<HttpCheck>, string]>([
    ['passes with a good status', OK, {}, 'L7OK'],
    ['fails with another one', 'HTTP/1.1 503 No\r\n\r\n', {}, 'L7STS status 503'],
    [
      'takes the statuses that it is told',
      'HTTP/1.1 503 No\r\n\r\n',
      { statuses: [{ first: 503, last: 503 }] },
      'L7OK',
    ],
    ['passes with what it expects of the body', OK, { bodyText: 'ok' }, 'L7OK'],
    ['fails with another body', OK, { bodyText: 'fine' }, 'L7RSP the body does not contain what is expected'],
    ['passes with a body that matches', OK, { bodyPattern: '^o[a-z]$' }, 'L7OK'],
    ['fails with one that does not', OK, { bodyPattern: '^O' }, 'L7RSP the body does not match the pattern'],
    ['passes with a body of the digest', OK, { bodyDigest: DIGEST_OF_OK }, 'L7OK'],
    [
      'fails with a body of another one',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno',
      { bodyDigest: DIGEST_OF_OK },
      'L7RSP the body has another digest',
    ],
    [
      'fails with a body of the digest that does not contain what is expected',
      OK,
      { bodyDigest: DIGEST_OF_OK, bodyText: 'fine' },
      'L7RSP the body does not contain what is expected',
    ],
    [
      'fails with a part of the body',
      `HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok`,
      { bodyDigest: DIGEST_OF_OK },
      'L7RSP the server closed in the midst of its answer',
    ],
    [
      'fails where something else is to be spoken',
      'HTTP/1.1 101 Other\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      {},
      'L7STS status 101',
    ],
    [
      'fails where a server only ever says that it is about to answer',
      'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100),
      {},
      'L7RSP the server answers without end',
    ],
    [
      'reads bodies in chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n',
      { bodyText: 'ok' },
      'L7OK',
    ],
    [
      'does not wait for ever for a pattern',
      `HTTP/1.1 200 OK\r\n\r\n${'a'.repeat(40)}!`,
      { bodyPattern: '^(a+)+$' },
      'L7RSP matching the pattern with this body takes too long',
    ],
    [
      'fails where something else is spoken',
      'SSH-2.0-OpenSSH_9\r\n',
      {},
      'L7RSP Parse Error: Expected HTTP/, RTSP/ or ICE/',
    ],
    ['fails where the server closes without a word', '', {}, 'L7RSP connection reset'],
    [
      'fails where headers do not end',
      `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`,
      {},
      'L7RSP Parse Error: Header overflow',
    ],
    [
      'fails where a body ends too early',
      'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nok',
      { bodyText: 'fine' },
      'L7RSP the server closed in the midst of its answer',
    ],
  ])('%s', async (_, text, check, expected) => {
    expect(await probe(http(check), await answer(text))).toBe(expected);
  });

  test('fails where nobody listens', async () => {
    expect(await probe(http(), await closedPort())).toBe('L4CON connection refused');
  });

  test('asks as it is told', async () => {
    let asked = '';
    const port = await serve((socket) => {
      socket.once('data', (data) => {
        asked = data.toString();
        socket.end(OK);
      });
    });
    const check = http({ verb: 'HEAD', path: '/up?x=1', host: 'shop', headers: [{ name: 'X-Probe', value: 'yes' }] });
    expect(await probe(check, port)).toBe('L7OK');
    expect(asked.split('\r\n')).toEqual([
      'HEAD /up?x=1 HTTP/1.1',
      'host: shop',
      'user-agent: ipvs-operator',
      'accept: */*',
      'connection: close',
      'X-Probe: yes',
      '',
      '',
    ]);
  });

  test.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    [
      'sends its headers byte by byte',
      (socket) => {
        drip(socket, 'HTTP/1.1 200 OK');
      },
    ],
    [
      'never ends its body',
      (socket) => {
        drip(socket.writable ? write(socket, 'HTTP/1.1 200 OK\r\n\r\n') : socket, 'no');
      },
    ],
  ])('has no answer in time of a server that %s', async (_, behave) => {
    expect(await probe(http({ bodyText: 'ok' }), await serve(behave))).toBe('L7TOUT no answer in time');
  });

  test('reads 64 KiB of a body that never ends', async () => {
    const port = await serve((socket) => {
      const flood = (): void => {
        while (socket.writable && socket.write('x'.repeat(10_000)));
      };
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.on('drain', flood);
      flood();
    });
    expect(await probe(http({ bodyText: 'ok' }), port)).toBe('L7RSP the body does not contain what is expected');
  });
});

test('a digest is that of the whole body, which has at most 1 MiB', async () => {
  const body = 'x'.repeat(1_048_576);
  const check = http({ bodyDigest: createHash('sha256').update(body).digest('hex') });
  expect(await probe(check, await answer(`HTTP/1.1 200 OK\r\n\r\n${body}`))).toBe('L7OK');
  const longer = await answer(`HTTP/1.1 200 OK\r\n\r\n${body}x`);
  expect(await probe(check, longer)).toBe('L7RSP the body is longer than 1 MiB');
});

function write(socket: Socket, text: string): Socket {
  socket.write(text);
  return socket;
}

function drip(socket: Socket, text: string): void {
  let i = 0;
  const timer = setInterval(() => socket.write(text.charAt(i++ % text.length)), 40);
  socket.on('close', () => {
    clearInterval(timer);
  });
}

const GOOD = { key: GOOD_KEY, cert: GOOD_CERTIFICATE };
const EXPIRED = { key: EXPIRED_KEY, cert: EXPIRED_CERTIFICATE };

function https(some: Partial<TlsSettings> = {}): HttpCheck {
  return http({
    tls: { serverName: 'www.example.org', isVerified: true, trusted: AUTHORITY, clientCertificate: null, ...some },
  });
}

describe('an HTTPS probe', () => {
  test.each<[string, typeof GOOD, HttpCheck, string]>([
    ['passes with a good certificate', GOOD, https(), 'L7OK'],
    ['fails with an expired one', EXPIRED, https(), 'L6RSP certificate has expired'],
    ['fails with one of a stranger', GOOD, https({ trusted: null }), 'L6RSP unable to verify the first certificate'],
    [
      'fails with one of another name',
      GOOD,
      https({ serverName: 'shop.example.org' }),
      "L6RSP Hostname/IP does not match certificate's altnames: Host: shop.example.org. is not in the cert's altnames: DNS:www.example.org",
    ],
    ['takes any certificate where it is told to', EXPIRED, https({ isVerified: false, trusted: null }), 'L7OK'],
    [
      'looks for the host where no name is said',
      GOOD,
      { ...https({ serverName: null }), host: 'www.example.org' },
      'L7OK',
    ],
  ])('%s', async (_, tls, check, expected) => {
    expect(await probe(check, await answer(OK, tls))).toBe(expected);
  });

  test('fails where the address is in no certificate', async () => {
    expect(await probe(https({ serverName: null }), await answer(OK, GOOD))).toMatch(/^L6RSP Hostname\/IP does not/);
  });

  test('fails where plain HTTP is spoken', async () => {
    expect(await probe(https(), await answer(OK))).toMatch(/^L6RSP /);
  });

  test('has no session in time where nothing is said', async () => {
    expect(await probe(https(), await serve(() => undefined))).toBe('L6TOUT no TLS session in time');
  });

  test('fails where what is to be trusted is no certificate', async () => {
    expect(await probe(https({ trusted: 'nonsense' }), await answer(OK, GOOD))).toMatch(/^L6RSP /);
  });
});
