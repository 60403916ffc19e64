import { connect, createServer, Server } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { lockNamespace } from '../../../src/adapters/ownership/index.js';
import type { LockOutcome, NamespaceLock } from '../../../src/adapters/ownership/index.js';
import { UserError } from '../../../src/errors/index.js';

const releases: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const release of releases.splice(0)) await release();
});

function uniqueName(): string {
  return `ipvs-operator-test-${randomUUID()}`;
}

function addressOf(name: string): string {
  return `\0${name}`.padEnd(108, '\0');
}

function acquired(outcome: LockOutcome): NamespaceLock {
  if (outcome.kind !== 'Acquired') throw new Error('the lock is held');
  releases.push(() => outcome.lock.release());
  return outcome.lock;
}

/** A process that holds the address and answers, or does not, in its own way. */
async function holdWith(name: string, answer: string | null): Promise<void> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (answer !== null) socket.end(answer);
  });
  releases.push(() => void server.close());
  await new Promise<void>((resolve) => server.listen(addressOf(name), resolve));
}

test('the first one gets the lock, the second one hears who has it', async () => {
  const name = uniqueName();
  acquired(await lockNamespace({ role: 'run', name }));
  const second = await lockNamespace({ role: 'apply', name });
  expect(second).toMatchObject({ kind: 'Held', holder: { pid: process.pid, command: 'run' } });
});

test('a released lock can be had again', async () => {
  const name = uniqueName();
  await acquired(await lockNamespace({ role: 'apply', name })).release();
  expect((await lockNamespace({ role: 'apply', name })).kind).toBe('Acquired');
});

test('locks of different names do not meet', async () => {
  acquired(await lockNamespace({ role: 'apply', name: uniqueName() }));
  acquired(await lockNamespace({ role: 'apply', name: uniqueName() }));
});

test.each([
  ['says nothing', null],
  ['says nonsense', 'hello\n'],
  ['says too much', 'x'.repeat(100_000)],
  ['hangs up', ''],
  [
    'puts control characters where a name belongs',
    '{"pid":1,"command":"\\u001b[2J","since":"2026-01-01T00:00:00.000Z"}\n',
  ],
])('a holder that %s holds the lock namelessly, and is not waited for', async (_, answer) => {
  const name = uniqueName();
  await holdWith(name, answer);
  const start = performance.now();
  expect(await lockNamespace({ role: 'apply', name })).toEqual({ kind: 'Held', holder: null });
  expect(performance.now() - start).toBeLessThan(3000);
});

test('a visitor that never goes away does not keep the lock from being released', async () => {
  const name = uniqueName();
  const lock = acquired(await lockNamespace({ role: 'apply', name }));
  const visitor = connect({ path: addressOf(name), allowHalfOpen: true });
  releases.push(() => void visitor.destroy());
  visitor.on('error', () => undefined);
  await new Promise<void>((resolve) => visitor.once('connect', resolve));
  await lock.release();
});

test('where there can be no such socket, the error says what it is for', async () => {
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
    const error = Object.assign(new Error('listen EPERM: not in this sandbox'), { code: 'EPERM' });
    process.nextTick(() => this.emit('error', error));
    return this;
  });
  const attempt = lockNamespace({ role: 'apply', name: uniqueName() });
  await expect(attempt).rejects.toThrow(UserError);
  await expect(attempt).rejects.toThrow(/^cannot lock the table against other processes: /);
});
