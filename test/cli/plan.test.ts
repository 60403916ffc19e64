import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from './in-memory.js';
import type { Host } from './in-memory.js';
import { manifest } from './manifests.js';
import { service, tcp } from './table.js';

describe('plan', () => {
  let host: Host;
  let file: string;
  beforeEach(async () => {
    host = await createHost();
    file = await host.write('web.yaml', manifest('web'));
  });
  afterEach(() => host.remove());

  it('prints what there is to do and changes nothing', async () => {
    const { exitCode, stdout, stderr } = await host.run('plan', '-f', file);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('VirtualService default/web');
    expect(stdout).toContain('+ TCP 10.0.0.1:80');
    expect(stdout).toMatch(/Plan: services 1 to add.*\n$/);
    expect((await host.kernel.readTable()).size).toBe(0);
    expect(host.inventory.size).toBe(0);
  });

  it('exits 2 with --detailed-exitcode where there is something to do, and 0 where there is not', async () => {
    expect((await host.run('plan', '-f', file, '--detailed-exitcode')).exitCode).toBe(2);
    await host.run('apply', '-f', file);
    const { exitCode, stdout } = await host.run('plan', '-f', file, '--detailed-exitcode');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('No changes');
  });

  it('exits 1 where something wanted cannot be done, whatever else is to do', async () => {
    host.kernel.writeAsAnother({ kind: 'AddService', ...service(tcp('10.0.0.1', 80)) });
    const other = await host.write('dns.yaml', manifest('dns', { addresses: '[10.0.0.2]' }));
    const { exitCode, stdout } = await host.run('plan', '-f', file, other, '--detailed-exitcode');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('made by someone else');
    expect((await host.run('plan', '-f', file, '--adopt', '--detailed-exitcode')).exitCode).toBe(2);
  });

  it('makes no plan from broken input', async () => {
    const broken = await host.write('bad.yaml', 'kind: [');
    const { exitCode, stdout, stderr } = await host.run('plan', '-f', file, broken, '--detailed-exitcode');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/bad\.yaml:1:\d+: /);
    expect(stderr).toContain('there is no plan');
  });

  it.each(['json', 'yaml'])('tells programs what is wrong with broken input, as %s', async (format) => {
    const broken = await host.write('bad.yaml', manifest('bad', { scheduler: 'WRR' }));
    const { exitCode, stdout, stderr } = await host.run('plan', '-f', broken, '-o', format);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no plan');
    const validated = await host.run('validate', '-f', broken, '-o', format);
    const { issues } = load(validated.stdout) as { issues: unknown };
    expect(load(stdout)).toEqual({ issues });
    expect(issues).toMatchObject([{ path: 'spec.scheduler', location: { file: broken } }]);
  });

  it('prints JSON for programs', async () => {
    const { stdout } = await host.run('plan', '-f', file, '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      changes: [{ operation: 'AddService', service: 'TCP 10.0.0.1:80' }, { operation: 'AddServer' }],
      counts: { services: { add: 1 } },
    });
  });

  it('is coloured on a terminal only, and not where NO_COLOR is set', async () => {
    expect((await host.run('plan', '-f', file)).stdout).not.toContain('\u001b');
    expect((await host.runWith({ terminal: true }, 'plan', '-f', file)).stdout).toContain('\u001b[');
    const plain = await host.runWith({ terminal: true, environment: { NO_COLOR: '1' } }, 'plan', '-f', file);
    expect(plain.stdout).not.toContain('\u001b');
  });

  it('says once what is checked and not acted on', async () => {
    const paths = [
      await host.write('a.yaml', manifest('a', { drain: '{timeoutSeconds: 30}' })),
      await host.write('b.yaml', manifest('b', { addresses: '[10.0.0.2]', drain: '{timeoutSeconds: 30}' })),
    ];
    const { exitCode, stderr } = await host.run('plan', '-f', ...paths);
    expect(exitCode).toBe(0);
    expect(stderr.match(/^warning: drains are for run/gm)).toHaveLength(1);
  });

  it('plans nothing without permission', async () => {
    host.kernel.setAvailability('NotPermitted');
    const { exitCode, stdout, stderr } = await host.run('plan', '-f', file);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('CAP_NET_ADMIN');
  });
});
