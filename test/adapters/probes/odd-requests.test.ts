import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, test } from 'vitest';
import type { GrpcCheck, TlsSettings } from '../../../src/model/index.js';
import { AUTHORITY } from './certificates.js';
import { GOOD_H2, serveHttp2 } from './http2-servers.js';
import { answer, http, probe } from './servers.js';

const TLS: TlsSettings = {
  serverName: 'www.example.org',
  isVerified: true,
  trusted: AUTHORITY,
  clientCertificate: null,
};
const SERVING = Buffer.from([0, 0, 0, 0, 2, 0x08, 1]);

function page(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 }, { endStream: true });
}

function serving(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': 0 });
  });
  stream.end(SERVING);
}

// URLs have it otherwise: a last label of digits is part of an IPv4 address there, and a port has its limits.
describe('a server may be called', () => {
  test.each(['backend.2', 'shop:99999', 'a:b', '1.2.3.4.5', '...', '_'])('%s by gRPC', async (authority) => {
    const check: GrpcCheck = { type: 'GRPC', service: '', authority, tls: null };
    expect(await probe(check, await serveHttp2(serving))).toBe('L7OK');
    expect(await probe({ ...check, tls: TLS }, await serveHttp2(serving, GOOD_H2))).toBe('L7OK');
  });

  test.each(['backend.2', 'shop:99999', '', '[', '%zz', 'x/y', '"', '@'])('"%s" by HTTP', async (host) => {
    const check = http({ host, version: 'HTTP/2' });
    expect(await probe(check, await serveHttp2(page))).toMatch(/^L7(OK|RSP)/);
    expect(await probe({ ...check, tls: TLS }, await serveHttp2(page, GOOD_H2))).toMatch(/^L7(OK|RSP)/);
    expect(await probe(http({ host }), await answer('HTTP/1.1 200 OK\r\n\r\n'))).toBe('L7OK');
  });
});

test('what Node refuses to ask is the end of this probe alone', async () => {
  const check = http({ headers: [{ name: 'Trailer', value: 'x' }] });
  expect(await probe(check, await answer('HTTP/1.1 200 OK\r\n\r\n'))).toMatch(
    /^SOCKERR this cannot be asked: Trailers/,
  );
});
