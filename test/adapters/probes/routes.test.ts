import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startTcpProbe } from '../../../src/adapters/probes/tcp-probe.js';
import type { Target } from '../../../src/health/index.js';
import type { TcpCheck } from '../../../src/model/index.js';
import { GOOD_CERTIFICATE, GOOD_KEY } from './certificates.js';
import { canMark } from './marks.js';
import { answer, closedPort, http, probeTarget, serve, target } from './servers.js';

const OPEN: TcpCheck = { type: 'TCP', send: '', expect: '' };
const MARKED: Partial<Target['check']> = { firewallMark: 0xfffffff0 };
/** Only root may mark, and not everywhere. */
const withMarks = test.skipIf(!canMark());

/** Where the one connection comes from that a probe with these settings makes. */
async function sourceOf(some: Partial<Target['check']>): Promise<string | undefined> {
  let source: string | undefined;
  const port = await serve((socket) => {
    source = socket.remoteAddress;
    socket.write('hello');
  });
  expect(await probeTarget(target({ ...OPEN, expect: 'hello' }, port, some))).toBe('L7OK');
  return source;
}

test('a check asks from the address that it says', async () => {
  expect(await sourceOf({})).toBe('127.0.0.1');
  expect(await sourceOf({ sourceAddress: '127.0.0.2' })).toBe('127.0.0.2');
});

test.each([OPEN, http()])('a source address of the other family is this host’s fault, by $type', async (method) => {
  expect(await probeTarget(target(method, 80, { sourceAddress: '::1' }))).toBe(
    'SOCKERR the source address ::1 is of another family than 127.0.0.1',
  );
});

test('a source address that the host has not is this host’s fault', async () => {
  const check = { sourceAddress: '192.0.2.1' };
  expect(await probeTarget(target(OPEN, 80, check))).toBe('SOCKERR this host has no free port or address');
});

withMarks('a check asks with a mark, and from an address besides', async () => {
  expect(await sourceOf(MARKED)).toBe('127.0.0.1');
  expect(await sourceOf({ ...MARKED, sourceAddress: '127.0.0.3' })).toBe('127.0.0.3');
});

withMarks('over IPv6 as well', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '::1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const asked = { ...target(OPEN, port, { ...MARKED, sourceAddress: '::1' }), address: '::1' };
  expect(await probeTarget(asked)).toBe('L4OK');
  server.close();
});

withMarks('with a mark pages are asked for, in the open and over TLS', async () => {
  const page = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
  expect(await probeTarget(target(http({ bodyText: 'ok' }), await answer(page), MARKED))).toBe('L7OK');
  const secure = await answer(page, { key: GOOD_KEY, cert: GOOD_CERTIFICATE });
  const tls = { serverName: null, isVerified: false, trusted: null, clientCertificate: null };
  expect(await probeTarget(target(http({ tls }), secure, MARKED), 2000)).toBe('L7OK');
});

withMarks('with a mark too it is the server that refuses', async () => {
  const port = await closedPort();
  expect(await probeTarget(target(OPEN, port, MARKED))).toBe('L4CON connection refused');
  expect(await probeTarget(target(http(), port, MARKED))).toBe('L4CON connection refused');
});

withMarks('a probe with a mark that is given up leaves nothing open', async () => {
  const port = await serve(() => undefined);
  const method = { ...OPEN, expect: 'hello' };
  for (let i = 0; i < 50; i++) {
    const running = startTcpProbe(target(method, port, MARKED), method, () => {
      throw new Error('it was given up');
    });
    if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    running.expire();
  }
  // Neither here nor, of those that came so far, at the server.
  await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('TCPSocketWrap');
});
