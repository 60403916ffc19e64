import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openReceiver } from '../adapters/systemd/receiver.js';
import { eventually } from '../adapters/files/source-watcher.js';
import { createHost } from './in-memory.js';
import type { CommandResult, Host, HostChanges } from './in-memory.js';
import { manifest } from './manifests.js';

// A slow machine takes the time that it takes.
vi.setConfig({ testTimeout: 60_000 });

let host: Host;
let ending: AbortController;
let log: string;
let hangUp: () => void;
let running: Promise<CommandResult> | undefined;

beforeEach(async () => {
  host = await createHost();
  ending = new AbortController();
  log = '';
  hangUp = () => {
    throw new Error('nobody waits for SIGHUP');
  };
});

afterEach(async () => {
  ending.abort();
  await running;
  running = undefined;
  await host.remove();
});

const stateFolder = (): string => join(host.folder, 'state');
const stateFlags = (): string[] => ['--state-dir', stateFolder()];
const dataFlags = (): string[] => ['--data-dir', join(host.folder, 'data')];

function start(flags: readonly string[] = ['--listen', 'none'], changes: HostChanges = {}): void {
  running = host.runWith(
    {
      signal: ending.signal,
      onStderr: (text) => (log += text),
      onHangup: (action) => {
        hangUp = action;
      },
      ...changes,
    },
    'run',
    '-f',
    host.folder,
    ...stateFlags(),
    ...dataFlags(),
    ...flags,
  );
}

async function keys(): Promise<readonly string[]> {
  return [...(await host.kernel.readTable()).keys()].sort();
}

async function expectLog(pattern: RegExp): Promise<void> {
  await eventually(() => {
    expect(log).toMatch(pattern);
  });
}

describe('run', () => {
  it('makes the kernel so, follows changes, and says each in words', async () => {
    await host.write('web.yaml', manifest('shop/web'));
    start();
    await expectLog(/INFO {2}service shop\/web \(TCP 10\.0\.0\.1:80\): added, scheduler wlc/);
    await host.write('web.yaml', manifest('shop/web', { realServers: '[{address: 192.168.0.1, weight: 2}]' }));
    await expectLog(/INFO {2}real server 192\.168\.0\.1:80 of shop\/web \(TCP 10\.0\.0\.1:80\): weight 1 -> 2/);
  });

  it('leaves the kernel as it is at the end, and exits 0', async () => {
    await host.write('web.yaml', manifest('web'));
    start();
    await expectLog(/service web|service default\/web/);
    ending.abort();
    const { exitCode, stderr } = (await running) ?? {};
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/ended; the kernel stays as it is\n$/);
    expect(await keys()).toEqual(['TCP 10.0.0.1:80']);
  });

  it('keeps the last good state of a broken file, and status says where it is broken', async () => {
    await host.write('web.yaml', manifest('web'));
    start();
    await expectLog(/TCP 10\.0\.0\.1:80/);
    await host.write('web.yaml', manifest('web', { sheduler: 'rr' }));
    await expectLog(/WARN {2}.*web\.yaml:8:3: spec\.sheduler: .*its last good state stays/);
    expect(await keys()).toEqual(['TCP 10.0.0.1:80']);
    const { exitCode, stdout } = await host.run('status', ...stateFlags());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Broken \(the last good state stays\):\n {2}.*web\.yaml:8:3: spec\.sheduler/m);
    const json = JSON.parse((await host.run('status', '-o', 'json', ...stateFlags())).stdout) as unknown;
    expect(json).toMatchObject({
      version: '1.2.3',
      kernel: { state: 'Reachable' },
      sources: [{ name: `files ${host.folder}`, state: 'Complete', units: 1 }],
      services: { wanted: 1, inLine: 1, outOfLine: 0 },
      issues: [{ reason: 'UnknownField', path: 'spec.sheduler' }],
    });
  });

  describe('after a restart', () => {
    const declared = manifest('web');

    async function restartWith(act: () => Promise<void>): Promise<void> {
      await host.write('web.yaml', declared);
      start();
      await expectLog(/TCP 10\.0\.0\.1:80/);
      ending.abort();
      await running;
      await act();
      ending = new AbortController();
      log = '';
      start();
    }

    /** As another program would do it, or a reboot. */
    async function emptyKernel(): Promise<void> {
      host.kernel.writeAsAnother({ kind: 'Flush' });
      await Promise.resolve();
    }

    it('goes on with the last good state of a file that is broken now', async () => {
      await restartWith(async () => {
        await host.write('web.yaml', declared.replace('spec:', 'spec: ['));
        await emptyKernel();
      });
      await expectLog(/web\.yaml.*its last good state stays/);
      await expectLog(/INFO {2}service default\/web \(TCP 10\.0\.0\.1:80\): added/);
    });

    it('goes on with what was kept where the folder is away, and status says so', async () => {
      const folder = join(host.folder, 'services');
      await mkdir(folder);
      const flags = ['--listen', 'none', '-f', folder];
      await host.write('services/web.yaml', declared);
      start(flags);
      await expectLog(/TCP 10\.0\.0\.1:80/);
      ending.abort();
      await running;
      await rm(folder, { recursive: true });
      await emptyKernel();
      ending = new AbortController();
      log = '';
      start(flags);
      await expectLog(/away, and what it declared stays: .*; 1 unit as kept at 2/);
      await expectLog(/INFO {2}service default\/web \(TCP 10\.0\.0\.1:80\): added/);
      const { stdout } = await host.run('status', ...stateFlags());
      expect(stdout).toMatch(/^ {2}1 unit as kept .* ago; nothing is removed meanwhile$/m);
    });

    it('says why nothing is kept where it cannot be', async () => {
      await host.write('web.yaml', declared);
      await host.write('file', '');
      start(['--listen', 'none', '--data-dir', join(host.folder, 'file', 'data')]);
      await expectLog(/WARN {2}.*its state is not kept for a start without it: .*is not a folder/);
    });
  });

  it('lets go at SIGHUP what was held back', async () => {
    for (let i = 1; i <= 14; i++)
      await host.write(`web-${i}.yaml`, manifest(`web-${i}`, { addresses: `[10.0.0.${i}]` }));
    start();
    await eventually(() => {
      expect(host.inventory.size).toBe(14);
    });
    for (let i = 3; i <= 14; i++) await rm(join(host.folder, `web-${i}.yaml`));
    await expectLog(/Held back: 12 of 14 services would go/);
    expect(await keys()).toHaveLength(14);
    const { stdout } = await host.run('status', ...stateFlags());
    expect(stdout).toMatch(/Held back: 12 services[^]*SIGHUP to the process, lets them go/);
    hangUp();
    await eventually(() => {
      expect(host.inventory.size).toBe(2);
    });
  });

  it('takes SIGHUP before it does anything else, and heeds one that came then once it can', async () => {
    const holder = { pid: 7, command: 'run', since: '2026-01-05T10:00:00.000Z' } as const;
    start([], { lock: { kind: 'Held', holder } });
    await running;
    expect(hangUp).not.toThrow();
    start(undefined, {
      onHangup: (action) => {
        action();
      },
    });
    await expectLog(/INFO {2}SIGHUP: everything is read again/);
  });

  it('serves probes and metrics', async () => {
    await host.write('web.yaml', manifest('shop/web'));
    start(['--listen', '127.0.0.1:0']);
    await expectLog(/metrics are at http:\S+\/metrics/);
    const address = /metrics are at (http:\S+)\/metrics/.exec(log)?.[1] ?? '';
    await expectLog(/TCP 10\.0\.0\.1:80/);
    const ask = async (path: string): Promise<[number, string]> => {
      const response = await fetch(`${address}${path}`);
      return [response.status, await response.text()];
    };
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
    for (let [status] = await ask('/readyz'); status !== 200; [status] = await ask('/readyz'));
    const [, metrics] = await ask('/metrics');
    expect(metrics).toContain('ipvs_operator_wanted_services 1\n');
    expect(metrics).toContain('ipvs_operator_operations_total{operation="AddServer",result="done"} 1\n');
    expect(metrics).toMatch(/ipvs_operator_sync_duration_seconds_count\{kind="full"\} [1-9]/);
    expect(metrics).toContain('ipvs_operator_virtual_service_servers{virtual_service="shop/web",state="healthy"} 1\n');
    expect(metrics).toContain(
      'ipvs_backend_weight{local_address="10.0.0.1",local_port="80",proto="TCP",local_mark="",' +
        'virtual_service="shop/web",remote_address="192.168.0.1",remote_port="80"} 1\n',
    );
  });

  it('tells the service manager when it is ready, reloads and stops', async () => {
    const receiver = await openReceiver((folder) => `${folder}/notify`);
    try {
      await host.write('web.yaml', manifest('web'));
      start(['--listen', 'none'], { environment: { NOTIFY_SOCKET: receiver.address } });
      const words = async (last: string): Promise<readonly string[]> => {
        const found: string[] = [];
        while (found.at(-1) !== last) {
          const [message = ''] = await receiver.receive(1);
          const word = message.split('=', 1)[0] ?? '';
          if (word !== 'STATUS') found.push(word);
        }
        return found;
      };
      expect(await words('READY')).toEqual(['READY']);
      hangUp();
      expect(await words('READY')).toEqual(['RELOADING', 'READY']);
      ending.abort();
      expect(await words('STOPPING')).toEqual(['STOPPING']);
    } finally {
      await receiver.close();
    }
  });

  it('is refused where another process has the table, and of standard input', async () => {
    const holder = { pid: 7, command: 'run', since: '2026-01-05T10:00:00.000Z' } as const;
    start([], { lock: { kind: 'Held', holder } });
    expect(await running).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('pid 7') as string });
    const { exitCode, stderr } = await host.run('run', '-f', '-', ...stateFlags());
    expect(exitCode).toBe(1);
    expect(stderr).toContain('standard input cannot be followed');
  });

  it.each([
    ['--listen', 'localhost:80'],
    ['--listen', '127.0.0.1'],
    ['--listen', '127.0.0.1:99999'],
    ['--resync', '0'],
    ['--log-format', 'xml'],
  ])('refuses %s %s', async (...flags) => {
    const { exitCode, stderr } = await host.run('run', '-f', host.folder, ...flags);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(flags[0]);
  });
});

describe('status', () => {
  it('without a controller says so, and exits 1', async () => {
    const { exitCode, stdout, stderr } = await host.run('status', ...stateFlags());
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/no controller runs here: nobody answers on .*control\.sock\n.*ipvs-operator run/);
  });
});
