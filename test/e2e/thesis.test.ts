import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildNetwork, VIRTUAL_IPV4 } from './network.js';
import type { Network, Server } from './network.js';
import { runWell, start } from './process.js';
import type { Running } from './process.js';

const PROGRAM = fileURLToPath(new URL('../../build/examples/thesis.js', import.meta.url));
const PORT = 80;

let network: Network;
let first: Server;
let second: Server;
let program: Running;

beforeAll(async () => {
  network = await buildNetwork({ servers: 3 });
  const [a, b, sorry] = network.servers as readonly [Server, Server, Server];
  [first, second] = [a, b];
  await first.listen('TCP', '0.0.0.0', PORT, 'first');
  await second.listen('TCP', '0.0.0.0', PORT, 'second');
  await sorry.listen('TCP', '0.0.0.0', PORT, 'sorry');
  program = start([process.execPath, PROGRAM, VIRTUAL_IPV4, sorry.ipv4, first.ipv4, second.ipv4], {
    timeoutSeconds: 200,
  });
});

afterAll(() => network.close());

/** The names of those that answer four connections, one after the other. */
async function whoAnswers(): Promise<readonly string[]> {
  const names = new Set<string>();
  for (let i = 0; i < 4; i++) {
    const connection = await network.client.connect(VIRTUAL_IPV4, PORT);
    names.add((await connection.ask('who?')).split(' ')[0] ?? '');
    await connection.close();
  }
  return [...names].sort();
}

async function expectAnswersFrom(...names: readonly string[]): Promise<void> {
  await expect.poll(() => whoAnswers().catch(() => []), { timeout: 30_000, interval: 200 }).toEqual(names);
}

test('A dead real server is taken out and comes back, and a sorry server stands in for all', async () => {
  await expectAnswersFrom('first', 'second');
  await first.unlisten('TCP', '0.0.0.0', PORT);
  await expectAnswersFrom('second');
  await second.unlisten('TCP', '0.0.0.0', PORT);
  await expectAnswersFrom('sorry');
  await second.listen('TCP', '0.0.0.0', PORT, 'second');
  await expectAnswersFrom('second');
  await first.listen('TCP', '0.0.0.0', PORT, 'first');
  await expectAnswersFrom('first', 'second');
});

test('At the end it takes its service away', async () => {
  program.kill('SIGTERM');
  expect((await program.outcome).status).toBe(0);
  expect(await runWell(['ipvsadm', '-Sn'])).toBe('');
});
