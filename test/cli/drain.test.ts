import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StatusReport } from '../../src/cli/controller/status-report.js';
import { serve } from '../adapters/probes/servers.js';
import { createHost } from './in-memory.js';
import type { CommandResult, Host } from './in-memory.js';
import { manifest } from './manifests.js';

// A slow machine takes the time that it takes.
vi.setConfig({ testTimeout: 60_000 });

const PATIENTLY = { timeout: 20_000, interval: 20 };
const WEB = { protocol: 'TCP', address: '10.0.0.1', port: 80 } as const;
const SERVER = { address: '192.168.0.1', port: 80 };

let host: Host;
let ending: AbortController;
let running: Promise<CommandResult>;

beforeEach(async () => {
  host = await createHost();
  ending = new AbortController();
  await host.write(
    'web.yaml',
    manifest('shop/web', { realServers: '[{address: 192.168.0.1}, {address: 192.168.0.2}]' }),
  );
  running = host.runWith({ signal: ending.signal }, 'run', '-f', host.folder, '--listen', 'none', ...folders());
  await expect.poll(weights, PATIENTLY).toEqual([1, 1]);
});

afterEach(async () => {
  ending.abort();
  await running;
  await host.remove();
});

function folders(): string[] {
  return [...stateFlags(), '--data-dir', join(host.folder, 'data')];
}

function stateFlags(): string[] {
  return ['--state-dir', join(host.folder, 'state')];
}

async function weights(): Promise<readonly number[] | undefined> {
  const servers = (await host.kernel.readTable()).get('TCP 10.0.0.1:80')?.servers;
  return servers && [...servers].sort((a, b) => (a.address < b.address ? -1 : 1)).map(({ weight }) => weight);
}

describe('drain', () => {
  test('takes a server out, which status says, and undrain lets it in again', async () => {
    const out = await host.run('drain', '192.168.0.1', '--wait', ...stateFlags());
    expect(out).toMatchObject({
      exitCode: 0,
      stdout: '192.168.0.1, every port: taken out, of 1 service\n192.168.0.1, every port: no connections are left\n',
    });
    expect(await weights()).toEqual([0, 1]);
    const { stdout } = await host.run('status', ...stateFlags());
    expect(stdout).toMatch(/^Taken out until `undrain`:\n {2}192\.168\.0\.1, every port$/m);
    expect(stdout).toMatch(
      /TCP 10\.0\.0\.1:80 of shop\/web\n {4}192\.168\.0\.1:80: weight 0 instead of 1, taken out( with 0 connections)?$/m,
    );
    const back = await host.run('undrain', '192.168.0.1:80', ...stateFlags());
    expect(back).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('was not taken out so') as string });
    expect(await host.run('undrain', '192.168.0.1', '--wait', ...stateFlags())).toMatchObject({ exitCode: 0 });
    expect(await weights()).toEqual([1, 1]);
  });

  test('waits for connections so long, and no longer', async () => {
    host.kernel.setConnections(WEB, SERVER, { active: 2 });
    const late = await host.run('drain', '192.168.0.1:80', '--wait', '--timeout', '1', ...stateFlags());
    expect(late.exitCode).toBe(1);
    expect(late.stderr).toContain('192.168.0.1:80: not so after 1 second; it has 2 connections');
  });

  test('waits until two looks in a row found no connection', async () => {
    const read = host.kernel.readObservedServices.bind(host.kernel);
    let looks = 0;
    // A connection that was being made shows up in the second look.
    host.kernel.readObservedServices = (keys) => {
      looks++;
      host.kernel.setConnections(WEB, SERVER, { active: looks === 2 ? 1 : 0 });
      return read(keys);
    };
    await host.run('drain', '192.168.0.1', ...stateFlags());
    await expect.poll(weights, PATIENTLY).toEqual([0, 1]);
    looks = 0;
    expect(await host.run('drain', '192.168.0.1', '--wait', ...stateFlags())).toMatchObject({ exitCode: 0 });
    // Four, or three where the controller counted for `status` in between.
    expect(looks).toBeGreaterThan(2);
  });

  test('undrain waits for a server that the kernel does not have', async () => {
    const health = '{checks: [{name: open, type: TCP, port: 1, fall: 1, intervalSeconds: 1, timeoutSeconds: 1}]}';
    await host.write('web.yaml', manifest('shop/web', { realServers: '[{address: 127.0.0.1}]', health }));
    await expect.poll(weights, PATIENTLY).toEqual([]);
    await host.run('drain', '127.0.0.1', ...stateFlags());
    const late = await host.run('undrain', '127.0.0.1', '--wait', '--timeout', '1', ...stateFlags());
    expect(late.exitCode).toBe(1);
    expect(late.stderr).toContain('127.0.0.1, every port: not so after 1 second; the kernel does not have it');
  });

  test('of one service alone, or of one that nobody has', async () => {
    const elsewhere = await host.run('drain', '192.168.0.1', '--service', 'shop/other', ...stateFlags());
    expect(elsewhere.stdout).toBe('192.168.0.1, every port, in shop/other: taken out, no service has it now\n');
    expect(await weights()).toEqual([1, 1]);
    await host.run('drain', '192.168.0.2', '--service', 'shop/web', '--wait', ...stateFlags());
    expect(await weights()).toEqual([1, 0]);
  });

  test.each([
    [['drain', 'nowhere'], 'nowhere is no real server'],
    [['drain', '192.168.0.1:99999'], '192.168.0.1:99999 is no real server'],
    [['undrain', '192.168.0.1', '--service', 'A B'], 'A B is no virtual service'],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stderr } = await host.run(...args, ...stateFlags());
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  test('without a controller there is nobody to tell', async () => {
    const { exitCode, stderr } = await host.run('drain', '192.168.0.1', '--state-dir', join(host.folder, 'none'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no controller runs here');
  });
});

test('a server that fails its check goes, and the log and status say why', async () => {
  const health = '{checks: [{name: open, type: TCP, port: 1, fall: 1, intervalSeconds: 1, timeoutSeconds: 1}]}';
  const servers = '[{address: 127.0.0.1}, {address: 192.168.0.2}]';
  await host.write('web.yaml', manifest('shop/web', { realServers: servers, health, whenNoneAvailable: 'Drop' }));
  const status = async (): Promise<string> => (await host.run('status', ...stateFlags())).stdout;
  await expect.poll(status, PATIENTLY).toMatch(/127\.0\.0\.1:80: out, fails: L4CON connection refused for /);
  expect(await status()).toMatch(/^Checks {6}2 checks, [12] failing$/m);
});

test('a weight that an agent says is in the kernel, and status says who said it', async () => {
  const port = await serve((socket) => socket.end('50%\n'));
  const health = `{checks: [{name: agent, type: Agent, port: ${port}, intervalSeconds: 1, timeoutSeconds: 1}]}`;
  await host.write('web.yaml', manifest('shop/web', { realServers: '[{address: 127.0.0.1, weight: 10}]', health }));
  const ask = async (...flags: readonly string[]): Promise<string> =>
    (await host.run(...flags, ...stateFlags())).stdout;
  const said = '127.0.0.1:80: weight 5 instead of 10, passes; Agent says 50%';
  await expect.poll(() => ask('status'), PATIENTLY).toContain(said);
  expect(await ask('get')).toMatch(/127\.0\.0\.1:80 .* passing +[0-9]+s +10 +Agent says 50%$/m);
  const { services } = (JSON.parse(await ask('status', '-o', 'json')) as StatusReport).health;
  const advised = { state: 'Up', mode: 'Ready', weight: { kind: 'Percent', percent: 50 } };
  expect(services[0]?.servers[0]).toMatchObject({
    weight: 5,
    declaredWeight: 10,
    checks: [{ type: 'Agent', advised }],
  });
});

test('get shows how servers are while a controller runs, those too that the kernel does not have', async () => {
  const health = '{checks: [{name: open, type: TCP, port: 1, fall: 1, intervalSeconds: 60}]}';
  await host.write('web.yaml', manifest('shop/web', { realServers: '[{address: 127.0.0.1, weight: 3}]', health }));
  const get = async (...flags: readonly string[]): Promise<string> =>
    (await host.run('get', ...flags, ...stateFlags())).stdout;
  await expect
    .poll(get, PATIENTLY)
    .toMatch(/-> {2}127\.0\.0\.1:80 +- +- .*failing +[0-9]+s +3 +L4CON connection refused$/m);
  expect(await get()).toMatch(/^PROT .*HEALTH +SINCE +WANTED +NAME +FLAGS$/m);
  expect(await get('shop/web')).toMatch(/^TCP .* 0\/1 +shop\/web +quorum lost$/m);
  const [service] = (JSON.parse(await get('-o', 'json')) as { services: unknown[] }).services;
  expect(service).toMatchObject({
    health: { healthy: 0, total: 1, hasQuorum: false },
    realServers: [],
    absentServers: [
      { server: '127.0.0.1:80', health: { state: 'Failing', declaredWeight: 3, checks: [{ code: 'L4CON' }] } },
    ],
  });
  expect(await get('-o', 'ipvsadm')).toBe('-A -t 10.0.0.1:80 -s wlc\n');
});
