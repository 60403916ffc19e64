import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LockOutcome } from '../../src/adapters/ownership/index.js';
import { createHost } from './in-memory.js';
import type { Host } from './in-memory.js';
import { manifest } from './manifests.js';
import { service, tcp } from './table.js';

describe('apply', () => {
  let host: Host;
  beforeEach(async () => {
    host = await createHost();
  });
  afterEach(() => host.remove());

  const keys = async (): Promise<readonly string[]> => [...(await host.kernel.readTable()).keys()];

  it('says of each object what became of it', async () => {
    const file = await host.write('a.yaml', manifest('web') + manifest('shop/dns', { addresses: '[10.0.0.2]' }));
    const first = await host.run('apply', '-f', file);
    expect({ ...first, stdout: '' }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(first.stdout).toMatch(
      /^virtualservice\/web created\nvirtualservice\/shop\/dns created\n4 operations in \d+ m?s\n$/,
    );
    await host.write('a.yaml', manifest('web') + manifest('shop/dns', { addresses: '[10.0.0.2]', scheduler: 'rr' }));
    const second = await host.run('apply', '-f', file);
    expect(second.stdout).toMatch(
      /^virtualservice\/web unchanged\nvirtualservice\/shop\/dns configured\n1 operation in /,
    );
  });

  it('prunes what is no longer declared, when asked, within the set', async () => {
    const both = await host.write('a.yaml', manifest('web') + manifest('dns', { addresses: '[10.0.0.2]' }));
    await host.run('apply', '-f', both);
    const one = await host.write('b.yaml', manifest('web'));
    expect((await host.run('apply', '-f', one)).stdout).not.toContain('pruned');
    expect(await keys()).toHaveLength(2);
    expect((await host.run('apply', '-f', one, '--prune', '--set', 'other')).stdout).not.toContain('pruned');
    await host.run('apply', '-f', both);
    expect((await host.run('apply', '-f', one, '--prune')).stdout).toContain('virtualservice/dns pruned\n');
    expect(await keys()).toEqual(['TCP 10.0.0.1:80']);
  });

  it('empties a set only when told that it may', async () => {
    await host.run('apply', '-f', await host.write('a.yaml', manifest('web')));
    const empty = await host.write('empty.yaml', '# nothing\n');
    const refused = await host.run('apply', '-f', empty, '--prune');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('--allow-empty');
    expect(await keys()).toHaveLength(1);
    expect((await host.run('apply', '-f', empty, '--prune', '--allow-empty')).exitCode).toBe(0);
    expect(await keys()).toHaveLength(0);
  });

  it('writes nothing where any input is broken', async () => {
    const good = await host.write('a.yaml', manifest('web'));
    const bad = await host.write('b.yaml', manifest('dns', { sheduler: 'rr' }));
    const { exitCode, stdout, stderr } = await host.run('apply', '-f', good, bad);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/b\.yaml:\d+:\d+: spec\.sheduler: /);
    expect(stderr).toContain('error: 1 fault in the input: nothing was written\n');
    expect(await keys()).toEqual([]);
  });

  it('names a fault of the input rather than one of the kernel', async () => {
    host.kernel.setAvailability('NotLoaded');
    const { stderr } = await host.run('apply', '-f', await host.write('bad.yaml', '{'));
    expect(stderr).toContain('bad.yaml:1');
    expect(stderr).not.toContain('ip_vs');
  });

  it('leaves services of others alone, and takes them over when asked', async () => {
    host.kernel.writeAsAnother({ kind: 'AddService', ...service(tcp('10.0.0.1', 80)) });
    const file = await host.write('a.yaml', manifest('web', { realServers: '[]' }));
    const refused = await host.run('apply', '-f', file);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('virtualservice/web incomplete\n');
    expect(refused.stderr).toContain('error: TCP 10.0.0.1:80 of VirtualService default/web was made by someone else');
    const adopted = await host.run('apply', '-f', file, '--adopt');
    expect({ ...adopted, stdout: '' }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(adopted.stdout).toMatch(/^virtualservice\/web adopted\n0 operations in /);
  });

  it('only says what it would do with --dry-run, without the lock', async () => {
    const file = await host.write('a.yaml', manifest('web'));
    const lock: LockOutcome = { kind: 'Held', holder: null };
    const { exitCode, stdout } = await host.runWith({ lock }, 'apply', '-f', file, '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('virtualservice/web created (dry run)\n2 operations to do (dry run)\n');
    expect(await keys()).toEqual([]);
    expect(host.inventory.size).toBe(0);
  });

  it('says who owns the table, and does nothing beside them', async () => {
    const file = await host.write('a.yaml', manifest('web'));
    const since = '2026-01-02T03:04:05.000Z';
    const lock: LockOutcome = { kind: 'Held', holder: { pid: 4711, command: 'run', since } };
    const { exitCode, stdout, stderr } = await host.runWith({ lock }, 'apply', '-f', file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`error: the table is owned by ipvs-operator run (pid 4711, since ${since})\n`);
    expect(await keys()).toEqual([]);
  });

  it('names the module that a missing scheduler is in, and applies the rest', async () => {
    const poor = await createHost({ schedulers: ['wlc'] });
    const file = await poor.write(
      'a.yaml',
      manifest('web', { scheduler: 'mh', ports: '[{port: 80}, {port: 443}]' }) +
        manifest('dns', { addresses: '[10.0.0.2]' }),
    );
    const { exitCode, stdout, stderr } = await poor.run('apply', '-f', file);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error: VirtualService default/web: the kernel has no scheduler mh\n');
    expect(stderr).toContain('modprobe ip_vs_mh');
    expect(stderr.match(/no scheduler mh/g)).toHaveLength(1);
    expect(stdout).toContain('virtualservice/web incomplete\nvirtualservice/dns created\n');
    expect([...(await poor.kernel.readTable()).keys()]).toEqual(['TCP 10.0.0.2:80']);
    await poor.remove();
  });

  it('holds many removals back until it is told how many may go', async () => {
    const many = Array.from({ length: 12 }, (_, i) => manifest(`web-${i}`, { addresses: `[10.0.1.${i}]` })).join('');
    await host.run('apply', '-f', await host.write('many.yaml', many));
    const one = await host.write('one.yaml', manifest('web-0', { addresses: '[10.0.1.0]' }));
    const held = await host.run('apply', '-f', one, '--prune');
    expect(held.exitCode).toBe(1);
    expect(held.stderr).toContain('--max-removals 11');
    expect(await keys()).toHaveLength(12);
    expect((await host.run('apply', '-f', one, '--prune', '--max-removals', '11')).exitCode).toBe(0);
    expect(await keys()).toHaveLength(1);
  });

  it('is interrupted before it writes: then it says so, and nothing is written', async () => {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 50);
    const result = await host.runWith({ stdin: null, signal: controller.signal }, 'apply', '-f', '-');
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: 'error: interrupted: nothing was written\n' });
  });

  it('is interrupted while it writes: then it says what was not tried', async () => {
    const controller = new AbortController();
    host.kernel.interfere('AddServer', () => {
      controller.abort();
    });
    const many = Array.from({ length: 600 }, (_, i) =>
      manifest(`web-${i}`, { addresses: `[10.0.${i >> 8}.${i & 255}]` }),
    );
    const file = await host.write('many.yaml', many.join(''));
    const { exitCode, stdout, stderr } = await host.runWith({ signal: controller.signal }, 'apply', '-f', file);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\d+ operations in .*, \d+ cancelled\n$/);
    expect(stderr).toMatch(/error: interrupted: \d+ operations not tried\n/);
    expect((await keys()).length).toBeLessThan(600);
  });

  it('tells programs what is wrong with broken input', async () => {
    const broken = await host.write('bad.yaml', manifest('bad', { scheduler: 'WRR' }));
    const { exitCode, stdout, stderr } = await host.run('apply', '-f', broken, '-o', 'json');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nothing was written');
    expect(JSON.parse(stdout)).toMatchObject({ issues: [{ path: 'spec.scheduler', location: { file: broken } }] });
  });

  it('tells programs why the kernel refuses, and what helps, as it tells people', async () => {
    const poor = await createHost({ schedulers: ['wlc'] });
    const file = await poor.write('a.yaml', manifest('web', { scheduler: 'mh' }));
    const { stdout } = await poor.run('apply', '-f', file, '-o', 'json');
    await poor.remove();
    expect(JSON.parse(stdout)).toMatchObject({
      failures: [
        {
          code: 'ENOENT',
          message: 'the kernel has no scheduler mh',
          hint: expect.stringContaining('modprobe ip_vs_mh') as string,
        },
      ],
    });
  });

  it('tells programs the same as JSON', async () => {
    const file = await host.write('a.yaml', manifest('web'));
    const { stdout } = await host.run('apply', '-f', file, '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: false,
      objects: [{ object: 'VirtualService default/web', outcome: 'created' }],
      operations: 2,
      failures: [],
      problems: [],
    });
  });

  it('reads folders inside folders only when asked', async () => {
    const { mkdir, writeFile } = await import('node:fs/promises');
    await mkdir(`${host.folder}/inner`);
    await writeFile(`${host.folder}/inner/web.yaml`, manifest('web'));
    await host.write('dns.yaml', manifest('dns', { addresses: '[10.0.0.2]' }));
    expect((await host.run('apply', '-f', host.folder)).stdout).not.toContain('virtualservice/web');
    expect((await host.run('apply', '-R', '-f', host.folder)).stdout).toContain('virtualservice/web created');
  });
});
