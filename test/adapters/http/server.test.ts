import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askSocket, serveAddress, serveSocket } from '../../../src/adapters/http/index.js';
import type { Routes, RunningServer } from '../../../src/adapters/http/index.js';

let folder: string;
let path: string;
const servers: RunningServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipvs-operator-http-'));
  path = join(folder, 'state', 'control.sock');
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

async function* pieces(): AsyncGenerator<string> {
  for (const piece of ['one ', 'two ', 'three']) {
    await Promise.resolve();
    yield piece;
  }
}

const routes: Routes = {
  '/status': () => ({ status: 200, contentType: 'application/json', body: '{"a":1}' }),
  '/pieces': () => ({ status: 200, contentType: 'text/plain', body: pieces() }),
};

async function serve(): Promise<void> {
  servers.push(await serveSocket(path, routes));
}

describe('a Unix socket', () => {
  it('answers, for its owner alone', async () => {
    await serve();
    expect(await askSocket(path, '/status', 5000)).toEqual({ kind: 'Answer', status: 200, body: '{"a":1}' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'state'))).toEqual(['control.sock']);
  });

  it('is gone when its server ends', async () => {
    await serve();
    await servers.pop()?.close();
    expect(await readdir(join(folder, 'state'))).toEqual([]);
    expect(await askSocket(path, '/status', 5000)).toEqual({ kind: 'Nobody' });
  });

  it('replaces what a dead process left', async () => {
    await serve();
    await rm(path);
    await writeFile(path, 'left behind');
    await serve();
    expect(await askSocket(path, '/status', 5000)).toMatchObject({ kind: 'Answer' });
  });

  it('leaves a living process its place', async () => {
    await serve();
    await expect(serveSocket(path, routes)).rejects.toThrow(`another process serves ${path}`);
    expect(await askSocket(path, '/status', 5000)).toMatchObject({ kind: 'Answer' });
  });

  it('that does not answer in time is told', async () => {
    const mute = createServer(() => undefined);
    const mutePath = join(folder, 'mute.sock');
    await new Promise<void>((resolve) => mute.listen(mutePath, resolve));
    expect(await askSocket(mutePath, '/status', 50)).toEqual({ kind: 'Failure', reason: 'no answer in time' });
    mute.close();
  });
});

describe('an address', () => {
  async function ask(requested: string, method = 'GET'): Promise<[status: number, body: string]> {
    const server = await serveAddress('127.0.0.1', 0, routes);
    servers.push(server);
    const response = await fetch(`http://127.0.0.1:${server.port}${requested}`, { method });
    return [response.status, await response.text()];
  }

  it('answers in pieces where the answer comes in pieces', async () => {
    expect(await ask('/pieces?now')).toEqual([200, 'one two three']);
  });

  it('knows its paths and nothing else', async () => {
    expect(await ask('/toString')).toEqual([404, 'There is: /status, /pieces\n']);
    expect(await ask('/status', 'POST')).toEqual([405, 'This is answered to GET, HEAD.\n']);
    expect(await ask('/status', 'HEAD')).toEqual([200, '']);
  });

  it('that somebody else has is refused in so many words', async () => {
    const server = await serveAddress('127.0.0.1', 0, routes);
    servers.push(server);
    await expect(serveAddress('127.0.0.1', server.port, routes)).rejects.toThrow(
      `cannot listen on 127.0.0.1:${server.port}: another program does`,
    );
  });
});
