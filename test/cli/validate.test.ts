import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from './in-memory.js';
import type { Host } from './in-memory.js';
import { manifest } from './manifests.js';

describe('validate', () => {
  let host: Host;
  beforeEach(async () => {
    // A kernel that nobody may use: validate needs none.
    host = await createHost({ availability: 'NotPermitted' });
  });
  afterEach(() => host.remove());

  it('counts what is valid', async () => {
    await host.write('a.yaml', manifest('web') + manifest('dns', { addresses: '[10.0.0.2]' }));
    await host.write('b.yaml', manifest('mail', { addresses: '[10.0.0.3]' }));
    expect(await host.run('validate', '-f', host.folder)).toEqual({
      exitCode: 0,
      stdout: '3 objects in 2 files are valid\n',
      stderr: '',
    });
  });

  it('reads standard input', async () => {
    const result = await host.runWith({ stdin: manifest('web') }, 'validate', '-f', '-');
    expect(result).toEqual({ exitCode: 0, stdout: '1 object in 1 file is valid\n', stderr: '' });
  });

  it('names all faults of all files with their places, and exits 1', async () => {
    const first = await host.write('a.yaml', manifest('web', { scheduler: 'WRR' }));
    const second = await host.write('b.yaml', manifest('dns', { addresses: '[10.0.0.2]', sheduler: 'rr' }));
    const { exitCode, stdout, stderr } = await host.run('validate', '-f', first, second);
    expect(exitCode).toBe(1);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\/.*\/a\.yaml:\d+:\d+: spec\.scheduler: /);
    expect(lines[1]).toMatch(/^\/.*\/b\.yaml:\d+:\d+: spec\.sheduler: .*scheduler/);
    expect(stderr).toBe('2 faults in 2 files\n');
  });

  it('tells programs the same', async () => {
    const path = await host.write('a.yaml', manifest('web', { scheduler: 'WRR' }));
    const { exitCode, stdout, stderr } = await host.run('validate', '-f', path, '-o', 'json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      files: 1,
      issues: [{ path: 'spec.scheduler', object: 'VirtualService default/web', location: { file: path } }],
    });
  });

  it('says that two objects claim one service', async () => {
    const path = await host.write('a.yaml', manifest('web') + manifest('dns'));
    const { exitCode, stdout } = await host.run('validate', '-f', path);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('VirtualService default/web');
  });

  it('says that there is no such file', async () => {
    const { exitCode, stdout } = await host.run('validate', '-f', `${host.folder}/none.yaml`);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/none\.yaml: /);
  });
});
