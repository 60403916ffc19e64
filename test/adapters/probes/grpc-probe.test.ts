import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { describe, expect, test } from 'vitest';
import { decodeServingStatus, encodeHealthQuestion } from '../../../src/adapters/probes/grpc-messages.js';
import type { GrpcCheck } from '../../../src/model/index.js';
import { AUTHORITY, EXPIRED_CERTIFICATE, EXPIRED_KEY } from './certificates.js';
import { FRAME, frame, GOOD_H2, numbers, sayFrames, serveHttp2 } from './http2-servers.js';
import { answer, closedPort, probe, serve } from './servers.js';

function grpc(some: Partial<GrpcCheck> = {}): GrpcCheck {
  return { type: 'GRPC', service: '', authority: null, tls: null, ...some };
}

/** A message of gRPC with these bytes in it. */
function message(...bytes: number[]): Buffer {
  return Buffer.from([0, 0, 0, 0, bytes.length, ...bytes]);
}

const OK_HEADERS = { ':status': 200, 'content-type': 'application/grpc' };

function say(
  body: Buffer,
  trailers: OutgoingHttpHeaders = { 'grpc-status': 0 },
  headers: OutgoingHttpHeaders = OK_HEADERS,
) {
  return (stream: ServerHttp2Stream): void => {
    stream.respond(headers, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers(trailers);
    });
    stream.end(body);
  };
}

/** An answer that is all headers. */
function refuse(headers: OutgoingHttpHeaders) {
  return (stream: ServerHttp2Stream): void => {
    stream.respond({ ...OK_HEADERS, ...headers }, { endStream: true });
  };
}

describe('a gRPC probe', () => {
  test.each<[string, (stream: ServerHttp2Stream) => void, string]>([
    ['serves', say(message(0x08, 1)), 'L7OK'],
    ['serves, and says more than is known today', say(message(0x12, 2, 0x68, 0x69, 0x08, 1, 0x1d, 1, 2, 3, 4)), 'L7OK'],
    ['does not serve', say(message(0x08, 2)), 'L7STS NOT_SERVING'],
    ['does not know the service', say(message(0x08, 3)), 'L7STS SERVICE_UNKNOWN'],
    ['does not know whether it serves', say(message()), 'L7STS UNKNOWN'],
    [
      'has a status of its own',
      say(message(0x08, 9)),
      'L7RSP the server answers with a status that the health protocol does not know',
    ],
    [
      'has no such service',
      refuse({ 'grpc-status': 5, 'grpc-message': 'unknown service' }),
      'L7STS gRPC status 5 NOT_FOUND: unknown service',
    ],
    ['has no health service', refuse({ 'grpc-status': 12 }), 'L7STS gRPC status 12 UNIMPLEMENTED'],
    ['fails after its message', say(message(0x08, 1), { 'grpc-status': 13 }), 'L7STS gRPC status 13 INTERNAL'],
    ['has a status of its own making', refuse({ 'grpc-status': 99 }), 'L7STS gRPC status 99'],
    [
      'says that all is well, and nothing else',
      refuse({ 'grpc-status': 0 }),
      'L7RSP the server answers with no message of the health protocol',
    ],
    ['leaves out the trailers', say(message(0x08, 1), {}), 'L7RSP the server answers with no gRPC status'],
    [
      'answers with a page',
      say(Buffer.from('<html>'), {}, { ':status': 200, 'content-type': 'text/html' }),
      'L7RSP the server answers with something else than gRPC',
    ],
    ['is a proxy without a server', say(Buffer.alloc(0), {}, { ':status': 503 }), 'L7STS HTTP status 503'],
    [
      'says too much',
      say(Buffer.concat([message(0x08, 1), Buffer.alloc(100_000)])),
      'L7RSP the server answers with an answer that is too long',
    ],
    [
      'compresses what nobody asked it to',
      say(Buffer.from([1, 0, 0, 0, 2, 8, 1])),
      'L7RSP the server answers with no message of the health protocol',
    ],
  ])('has one verdict on a server that %s', async (_, behave, expected) => {
    expect(await probe(grpc(), await serveHttp2(behave))).toBe(expected);
  });

  test('asks for the service by the health protocol', async () => {
    let asked = {};
    let body = Buffer.alloc(0);
    const port = await serveHttp2((stream, headers) => {
      asked = Object.fromEntries(Object.entries(headers));
      stream.on('data', (chunk: Buffer) => (body = Buffer.concat([body, chunk])));
      stream.on('end', () => {
        say(message(0x08, 1))(stream);
      });
    });
    expect(await probe(grpc({ service: 'shop', authority: 'shop.example.org' }), port)).toBe('L7OK');
    expect(asked).toMatchObject({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      ':authority': 'shop.example.org',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    expect(body).toEqual(Buffer.from('\0\0\0\0\u0006\n\u0004shop', 'latin1'));
  });

  test('asks over TLS', async () => {
    const tls = { serverName: 'www.example.org', isVerified: true, trusted: AUTHORITY, clientCertificate: null };
    expect(await probe(grpc({ tls }), await serveHttp2(say(message(0x08, 1)), GOOD_H2))).toBe('L7OK');
    const expired = { ...GOOD_H2, key: EXPIRED_KEY, cert: EXPIRED_CERTIFICATE };
    expect(await probe(grpc({ tls }), await serveHttp2(say(message()), expired))).toBe('L6RSP certificate has expired');
    const byAuthority = grpc({ tls: { ...tls, serverName: null }, authority: 'www.example.org:50051' });
    expect(await probe(byAuthority, await serveHttp2(say(message(0x08, 1)), GOOD_H2))).toBe('L7OK');
  });

  test.each<[string, Parameters<typeof serve>[0], RegExp]>([
    ['says nothing', () => undefined, /^L7TOUT no answer in time$/],
    ['speaks something else', (socket) => socket.write('220 mail.example.org\r\n'), /^L7RSP /],
    ['closes at once', (socket) => socket.end(), /^L7RSP /],
    ['refuses the question', sayFrames(frame(FRAME.RST_STREAM, 0, 1, numbers(7))), /^L7RSP .*REFUSED_STREAM/],
    ['goes away', sayFrames(frame(FRAME.GOAWAY, 0, 0, numbers(0, 11))), /^L7RSP .* error 11$/],
  ])('has one verdict on a server that %s', async (_, behave, expected) => {
    expect(await probe(grpc(), await serve(behave))).toMatch(expected);
  });

  test('sends nothing more when it hears the answer byte by byte, and takes it', async () => {
    const port = await serveHttp2((stream) => {
      stream.respond(OK_HEADERS, { waitForTrailers: true });
      stream.on('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': 0 });
      });
      for (const byte of message(0x08, 1)) stream.write(Buffer.from([byte]));
      stream.end();
    });
    expect(await probe(grpc(), port)).toBe('L7OK');
  });

  test('fails where nobody listens, and where HTTP/1.1 is spoken', async () => {
    expect(await probe(grpc(), await closedPort())).toBe('L4CON connection refused');
    expect(await probe(grpc(), await answer('HTTP/1.1 200 OK\r\n\r\n'))).toMatch(/^L7RSP /);
  });
});

describe('a message of the health protocol', () => {
  test.each([
    ['truncated', message(0x08)],
    ['with a length that is not its own', Buffer.from([0, 0, 0, 0, 3, 8, 1])],
    ['with a number that does not end', message(0x08, ...Array<number>(10).fill(0xff))],
    ['with a text that is longer than the message', message(0x12, 0x7f, 1)],
    ['with a status that is a text', message(0x0a, 1, 1)],
    ['with a kind of field that is none', message(0x0f, 1)],
    ['that is not one', Buffer.from('HTTP')],
  ])('is none when it is one %s', (_, frameBytes) => {
    expect(decodeServingStatus(frameBytes)).toBeUndefined();
  });

  test('carries names of more than 127 bytes', () => {
    const question = encodeHealthQuestion('x'.repeat(200));
    expect([...question.subarray(0, 8)]).toEqual([0, 0, 0, 0, 203, 0x0a, 0xc8, 1]);
    expect(question.length).toBe(208);
  });
});
