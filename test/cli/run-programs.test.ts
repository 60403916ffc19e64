import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NEEDS_ROOT, programFolder, script } from '../adapters/programs/host-programs.js';
import { createHost } from './in-memory.js';
import type { CommandResult, Host } from './in-memory.js';

// A slow machine takes the time that it takes.
vi.setConfig({ testTimeout: 60_000 });
const IN_TIME = { timeout: 20_000 };

let host: Host;
let programs: string;
let ending: AbortController;
let log: string;
let running: Promise<CommandResult> | undefined;
let server: Server | undefined;

beforeEach(async () => {
  host = await createHost();
  programs = await programFolder();
  ending = new AbortController();
  log = '';
});

afterEach(async () => {
  ending.abort();
  await running;
  running = undefined;
  await new Promise<void>((resolve) => {
    if (server === undefined) resolve();
    else
      server.close(() => {
        resolve();
      });
  });
  server = undefined;
  await host.remove();
});

function run(...flags: readonly string[]): Promise<CommandResult> {
  running = host.runWith(
    { signal: ending.signal, onStderr: (text) => (log += text), onHangup: () => undefined },
    ...['run', '-f', host.folder, '--listen', 'none'],
    ...['--state-dir', join(host.folder, 'state'), '--data-dir', join(host.folder, 'data')],
    ...flags,
  );
  return running;
}

const CHECKED = `
apiVersion: ipvs-operator.io/v1alpha1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec:
  addresses: [10.0.0.1]
  ports: [{ port: 80 }]
  realServers: [{ address: 192.168.0.1, weight: 10 }, { address: 192.168.0.2, weight: 10 }]
  health:
    checks: [{ name: own, type: Exec, intervalSeconds: 1, timeoutSeconds: 1, fall: 1, exec: { command: [check, '7'] } }]
`;

async function servers(): Promise<readonly string[]> {
  const service = (await host.kernel.readTable()).get('TCP 10.0.0.1:80');
  return (service?.servers ?? []).map(({ address, weight }) => `${address} ${weight}`).sort();
}

describe('run with programs', NEEDS_ROOT, () => {
  it('has weights from them, and tells hooks what becomes of servers', async () => {
    const told: string[] = [];
    server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => told.push(text));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const out = join(programs, 'out');
    await mkdir(out);
    await chmod(out, 0o777);
    await script(programs, 'hook', `cat >>${out}/told`);
    await script(programs, 'check', `case $IPVS_ADDRESS in 192.168.0.1) exit $1;; esac\ncat ${programs}/state; exit 1`);
    await writeFile(join(programs, 'state'), 'disk full\n');
    await chmod(join(programs, 'state'), 0o644);
    await host.write('web.yaml', CHECKED);
    void run(
      '--exec-dir',
      programs,
      '--hook-command',
      'hook',
      '--hook-url',
      `http://127.0.0.1:${port}/`,
      '--node-name',
      'edge',
    );
    await vi.waitFor(async () => {
      expect(await servers()).toEqual(['192.168.0.1 5']);
    }, IN_TIME);
    const expected = {
      node: 'edge',
      events: [
        {
          event: 'ServerDown',
          object: 'VirtualService shop/web',
          service: 'TCP 10.0.0.1:80',
          server: '192.168.0.2:80',
          reason: 'PROCERR disk full',
        },
      ],
    };
    await vi.waitFor(async () => {
      expect(JSON.parse(told[0] ?? '')).toMatchObject(expected);
      expect(JSON.parse(await readFile(join(out, 'told'), 'utf8'))).toMatchObject(expected);
    }, IN_TIME);
  });

  it('says once that a hook does not take events', async () => {
    await script(programs, 'check', 'exit 1');
    await script(programs, 'hook', 'echo no mail; exit 9');
    await host.write('web.yaml', CHECKED);
    void run('--exec-dir', programs, '--hook-command', 'hook');
    await vi.waitFor(() => {
      expect(log).toMatch(/WARN {2}the hook's command lost [12] events?: it ends with exit code 9: no mail/);
    }, IN_TIME);
  });

  it('does not begin where others decide what the programs are', async () => {
    await chmod(programs, 0o777);
    const result = await run('--exec-dir', programs);
    expect(result).toMatchObject({ exitCode: 1 });
    expect(result.stderr).toContain('may be written by others than root');
  });

  it('does not begin without the program of a hook', async () => {
    const result = await run('--exec-dir', programs, '--hook-command', 'nothing');
    expect(result.stderr).toContain('nothing is not in');
  });
});

describe('run without programs', () => {
  it('refuses checks that need them, with the place', async () => {
    await host.write('web.yaml', CHECKED);
    void run();
    await vi.waitFor(() => {
      expect(log).toMatch(/web\.yaml:10:\d+: spec\.health\.checks\[0\]\.type: this controller runs no programs/);
    }, IN_TIME);
    expect(await servers()).toEqual([]);
  });

  it.each([
    [['--exec-user', 'nobody'], '--exec-user has no effect without --exec-dir'],
    [['--hook-command', 'hook'], '--hook-command needs --exec-dir'],
    [['--hook-url', 'ftp://example.org'], 'A URL that begins with http:// or https:// is expected'],
  ])('does not begin with %j', async (flags, message) => {
    const result = await run(...flags);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(message);
  });
});
