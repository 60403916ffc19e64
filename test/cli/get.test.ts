import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KernelService } from '../../src/model/index.js';
import { createHost } from './in-memory.js';
import type { Host } from './in-memory.js';
import { server, service, tcp, udp } from './table.js';

const web = service(tcp('10.0.0.10', 80), { scheduler: 'wrr' }, [
  server('192.168.0.10', 8080, { weight: 3 }),
  server('192.168.0.2', 8080),
]);
const tunnels = service(
  tcp('10.0.0.2', 443),
  { scheduler: 'sh', schedulerFlags: 2, persistence: { timeoutSeconds: 300, netmask: '255.255.255.0', engine: '' } },
  [
    server('192.168.0.3', 443, {
      forwarding: 'Tunnel',
      tunnel: { type: 'GUE', port: 6080, checksum: 'Standard' },
      upperThreshold: 1000,
      lowerThreshold: 800,
    }),
  ],
);
const dns = service(udp('2001:db8::1', 53), { onePacketScheduling: true });
const mark = service({ firewallMark: 7, family: 'IPv6' });
const table: readonly KernelService[] = [mark, dns, web, tunnels];

/** The lines of a table, each with single blanks. */
function linesOf(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '));
}

describe('get', () => {
  let host: Host;
  beforeEach(async () => {
    host = await createHost({ services: table });
    host.inventory.set('TCP 10.0.0.10:80', { object: 'VirtualService shop/web', set: 'default' });
    host.inventory.set('FWM 7 IPv6', { object: 'VirtualService default/mark', set: 'default' });
  });
  afterEach(() => host.remove());

  it('prints services in order, with their real servers below them', async () => {
    const { exitCode, stdout, stderr } = await host.run('get');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(linesOf(stdout)).toEqual([
      'PROT ADDRESS:PORT SCHED WEIGHT ACTIVE INACT CONN/S IN/S OUT/S NAME FLAGS',
      'TCP 10.0.0.2:443 sh - 0 0 0 0 0 - persistent 300 mask 255.255.255.0 (sh-port)',
      '-> 192.168.0.3:443 Tunnel 1 0 0 0 0 0 gue port 6080 csum thresholds 1000/800',
      'TCP 10.0.0.10:80 wrr - 0 0 0 0 0 shop/web',
      '-> 192.168.0.2:8080 Masq 1 0 0 0 0 0',
      '-> 192.168.0.10:8080 Masq 3 0 0 0 0 0',
      'UDP [2001:db8::1]:53 wlc - 0 0 0 0 0 - ops',
      'FWM 7 IPv6 wlc - 0 0 0 0 0 mark',
    ]);
  });

  it('keeps its columns in line', async () => {
    const { stdout } = await host.run('get');
    const [header = '', ...rows] = stdout.split('\n');
    const column = header.indexOf('WEIGHT');
    for (const row of rows.filter((text) => text !== '')) expect(row.slice(column - 2, column + 1)).toMatch(/^ {2}\S$/);
    expect(rows[0]?.indexOf('persistent')).toBe(header.indexOf('FLAGS'));
    expect(rows[1]?.indexOf('gue')).toBe(header.indexOf('FLAGS'));
    expect(rows.every((row) => row === row.trimEnd())).toBe(true);
  });

  it('shows connections and rates, and sums of connections for a service', async () => {
    for (const realServer of web.servers) host.kernel.setConnections(web.key, realServer, { active: 5, inactive: 2 });
    host.kernel.setStatistics(web.key, null, { connectionsPerSecond: 4, incomingBytesPerSecond: 1_234_567 });
    const { stdout } = await host.run('get', 'web');
    expect(linesOf(stdout).slice(1)).toEqual([
      'TCP 10.0.0.10:80 wrr - 10 4 4 1.23M 0 shop/web',
      '-> 192.168.0.2:8080 Masq 1 5 2 0 0 0',
      '-> 192.168.0.10:8080 Masq 3 5 2 0 0 0',
    ]);
  });

  it('shows packets and totals in the wide table, also of a server that is idle by now', async () => {
    host.kernel.setStatistics(web.key, { address: '192.168.0.2', port: 8080 }, { connections: 77, incomingBytes: 9 });
    const { stdout } = await host.run('get', 'web', '-o', 'wide');
    expect(stdout).toContain('PKT-IN/S');
    expect(linesOf(stdout)[2]).toBe('-> 192.168.0.2:8080 Masq 1 0 0 0 0 0 0 0 0 77 0 0 9 0');
  });

  it.each([
    ['an object', 'shop/web', ['TCP 10.0.0.10:80']],
    ['an object in whatever namespace', 'web', ['TCP 10.0.0.10:80']],
    ['an object of the default namespace', 'default/mark', ['FWM 7 IPv6']],
    ['an address', '10.0.0.2', ['TCP 10.0.0.2:443']],
    ['an address in another spelling', '2001:DB8:0::1', ['UDP [2001:db8::1]:53']],
    ['an address and port', '10.0.0.2:443', ['TCP 10.0.0.2:443']],
    ['an IPv6 address and port', '[2001:db8::1]:53', ['UDP [2001:db8::1]:53']],
    ['a key', 'FWM 7 IPv6', ['FWM 7 IPv6']],
  ])('finds %s', async (_, name, keys) => {
    const { exitCode, stdout } = await host.run('get', name, '-o', 'json');
    expect(exitCode).toBe(0);
    const { services } = JSON.parse(stdout) as { services: readonly { key: string }[] };
    expect(services.map(({ key }) => key)).toEqual(keys);
  });

  it('shows a service once that two names stand for', async () => {
    const { stdout } = await host.run('get', 'web', '10.0.0.10', '-o', 'ipvsadm');
    expect(stdout.match(/^-A/gm)).toHaveLength(1);
  });

  it.each(['nothing', 'shop/nothing', '10.0.0.99', '10.0.0.2:99', '10.0.0.2:99999', 'FWM 8'])(
    'says that nothing matches %s, prints the rest and exits 1',
    async (name) => {
      const { exitCode, stdout, stderr } = await host.run('get', name, 'web');
      expect(exitCode).toBe(1);
      expect(stdout).toContain('10.0.0.10:80');
      expect(stderr).toBe(`error: no virtual service in the kernel matches ${name}\n`);
    },
  );

  it('gives programs everything as JSON', async () => {
    const { stdout } = await host.run('get', '-o', 'json', '10.0.0.2');
    expect(JSON.parse(stdout)).toMatchObject({
      services: [
        {
          key: 'TCP 10.0.0.2:443',
          protocol: 'TCP',
          address: '10.0.0.2',
          port: 443,
          object: null,
          scheduler: 'sh',
          schedulerFlags: ['sh-port'],
          persistence: { timeoutSeconds: 300, netmask: '255.255.255.0', engine: '' },
          statistics: { connections: 0 },
          realServers: [
            { address: '192.168.0.3', forwarding: 'Tunnel', upperThreshold: 1000, connections: { active: 0 } },
          ],
        },
      ],
    });
  });

  it('gives the same as YAML', async () => {
    const [json, yaml] = [await host.run('get', '-o', 'json'), await host.run('get', '-o', 'yaml')];
    const { load } = await import('js-yaml');
    expect(load(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  });

  it('prints what ipvsadm saves', async () => {
    const { stdout } = await host.run('get', '-o', 'ipvsadm', 'web');
    expect(stdout).toBe(
      '-A -t 10.0.0.10:80 -s wrr\n' +
        '-a -t 10.0.0.10:80 -r 192.168.0.10:8080 -m -w 3\n' +
        '-a -t 10.0.0.10:80 -r 192.168.0.2:8080 -m -w 1\n',
    );
  });

  it('draws again on a terminal until it is interrupted', async () => {
    const controller = new AbortController();
    let frames = 0;
    const { exitCode, stdout, stderr } = await host.runWith(
      {
        terminal: true,
        signal: controller.signal,
        onStdout: () => {
          if (++frames === 3) controller.abort();
          return true;
        },
      },
      'get',
      '--watch=0.1',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\u001b[H\u001b[2J')).toHaveLength(4);
  });

  it('separates frames by an empty line elsewhere, and ends when nobody reads any more', async () => {
    let frames = 0;
    const { exitCode, stdout } = await host.runWith({ onStdout: () => ++frames < 2 }, 'get', 'web', '--watch=0.1');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n\n')).toHaveLength(2);
    expect(stdout).not.toContain('\u001b');
  });

  it('refuses to watch every "web" seconds', async () => {
    const { exitCode, stderr } = await host.run('get', '--watch', 'web');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Seconds are expected');
  });
});

describe('get on an empty table', () => {
  it('says so on stderr and prints nothing', async () => {
    const host = await createHost();
    expect(await host.run('get')).toEqual({ exitCode: 0, stdout: '', stderr: 'No virtual services in the kernel.\n' });
    expect(await host.run('get', '-o', 'ipvsadm')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(JSON.parse((await host.run('get', '-o', 'json')).stdout)).toEqual({ services: [] });
    expect((await host.run('get', '-o', 'yaml')).stdout).toBe('services: []\n');
    await host.remove();
  });
});

describe('a kernel that cannot be read', () => {
  it.each([
    ['NotPermitted', 'not permitted to use IPVS', 'CAP_NET_ADMIN'],
    ['NotLoaded', 'the kernel module ip_vs is not loaded', 'modprobe ip_vs'],
  ] as const)('is explained: %s', async (availability, message, hint) => {
    const host = await createHost({ availability });
    const { exitCode, stdout, stderr } = await host.run('get');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('    at ');
    await host.remove();
  });
});
