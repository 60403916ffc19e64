import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost } from './in-memory.js';
import type { Host } from './in-memory.js';
import { server, service, tcp } from './table.js';

const web = service(tcp('10.0.0.1', 80), { scheduler: 'wrr' }, [
  server('192.168.0.1', 8080),
  server('192.168.0.2', 80),
]);
const odd = service(tcp('10.0.0.2', 80), { schedulerFlags: 4 });

describe('export', () => {
  let host: Host;
  beforeEach(async () => {
    host = await createHost({ services: [web, service({ firewallMark: 7, family: 'IPv6' })] });
  });
  afterEach(() => host.remove());

  it.each(['yaml', 'json'])('prints what apply --adopt takes without changing anything, as %s', async (format) => {
    const { exitCode, stdout, stderr } = await host.run('export', '-o', format);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const applied = await host.runWith({ stdin: stdout }, 'apply', '--adopt', '-f', '-');
    expect({ ...applied, stdout: '' }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(applied.stdout).toMatch(/ adopted\n/);
    expect(applied.stdout).toMatch(/\n0 operations in /);
    expect([...host.inventory.keys()].sort()).toEqual(['FWM 7 IPv6', 'TCP 10.0.0.1:80']);
  });

  it('names what YAML cannot say, prints the rest, and exits 1', async () => {
    host.kernel.writeAsAnother({ kind: 'AddService', ...odd });
    const { exitCode, stdout, stderr } = await host.run('export');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('10.0.0.1');
    expect(stdout).not.toContain('10.0.0.2');
    expect(stderr).toMatch(/^error: TCP 10\.0\.0\.2:80 is not in the output: YAML cannot say .*flag-3/);
  });

  it('names an address that no document may have, and exits 1', async () => {
    host.kernel.writeAsAnother({ kind: 'AddService', ...service(tcp('::ffff:1.2.3.4', 80)) });
    const { exitCode, stdout, stderr } = await host.run('export');
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain('1.2.3.4');
    expect(stderr).toMatch(/^error: TCP \[::ffff:1\.2\.3\.4\]:80 is not in the output: YAML cannot say /);
  });

  it('carries timeouts that are not the default as a Director', async () => {
    host.kernel.writeAsAnother({
      kind: 'SetTimeouts',
      timeouts: { tcpSeconds: 1800, tcpFinSeconds: 0, udpSeconds: 0 },
    });
    expect((await host.run('export')).stdout).toContain('tcpSeconds: 1800');
  });

  it('prints nothing of an empty kernel', async () => {
    const empty = await createHost();
    expect(await empty.run('export')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await empty.remove();
  });
});
