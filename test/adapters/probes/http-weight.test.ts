import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { probeStarter } from '../../../src/adapters/probes/index.js';
import type { Outcome } from '../../../src/adapters/probes/probe.js';
import { outcomeOf } from './outcome.js';
import { answer, http, target } from './servers.js';

const CHECK = http({ weightHeader: 'x-weight' });

async function ask(headers: string, status = 200): Promise<Outcome> {
  const port = await answer(`HTTP/1.1 ${status} Here\r\n${headers}Content-Length: 0\r\n\r\n`);
  return outcomeOf(probeStarter(), target(CHECK, port));
}

test.each([
  ['50%', { kind: 'Percent', percent: 50 }],
  ['20', { kind: 'Absolute', weight: 20 }],
  ['0', { kind: 'Absolute', weight: 0 }],
  ['0%', { kind: 'Percent', percent: 0 }],
])('a header says the weight: %s', async (text, weight) => {
  expect(await ask(`X-Weight: ${text}\r\n`)).toEqual({ code: 'L7OK', message: '', advice: { weight } });
});

test.each([
  ['is missing', ''],
  ['is empty', 'X-Weight:\r\n'],
  ['makes no sense', 'X-Weight: heavy\r\n'],
  ['is too large', 'X-Weight: 65536\r\n'],
  ['is there twice', 'X-Weight: 1\r\nX-Weight: 2\r\n'],
])('a header that %s says nothing', async (_, headers) => {
  expect(await ask(headers)).toEqual({ code: 'L7OK', message: '' });
});

test('what fails says nothing of its weight', async () => {
  expect(await ask('X-Weight: 50%\r\n', 500)).toEqual({ code: 'L7STS', message: 'status 500' });
});

test('HTTP/2 says it, too', async () => {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'x-weight': '30%' }, { endStream: true });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const asked = target({ ...CHECK, version: 'HTTP/2' }, port, { timeoutMilliseconds: 2000 });
  const weight = { kind: 'Percent', percent: 30 };
  expect(await outcomeOf(probeStarter(), asked)).toMatchObject({ code: 'L7OK', advice: { weight } });
  await new Promise((resolve) => server.close(resolve));
});
