import { beforeEach, describe, expect, test } from 'vitest';
import { Ipvs } from '../../src/client/index.js';
import type { KernelErrorCode } from '../../src/errors/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel } from '../../src/testing/index.js';

let kernel: FakeKernel;
let ipvs: Ipvs;

beforeEach(() => {
  kernel = createFakeKernel();
  ipvs = new Ipvs(kernel);
});

async function codeOf(call: Promise<unknown>): Promise<KernelErrorCode | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => (error as { code: KernelErrorCode }).code,
  );
}

describe('A service', () => {
  test('is made with defaults', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80 });
    expect(String(web)).toBe('TCP 10.0.0.1:80');
    expect(await web.read()).toMatchObject({
      key: { protocol: 'TCP', address: '10.0.0.1', port: 80 },
      settings: { scheduler: 'wlc', schedulerFlags: 0, onePacketScheduling: false, persistence: null },
      servers: [],
      statistics: { connections: 0 },
    });
  });

  test('is made with everything said', async () => {
    const dns = await ipvs.addService({
      protocol: 'UDP',
      address: '2001:DB8:0::1',
      port: 53,
      scheduler: 'sh',
      schedulerFlags: ['sh-port', 'sh-fallback'],
      onePacketScheduling: true,
      persistence: { timeoutSeconds: 60, prefixLength: 64, engine: 'sip' },
    });
    expect(String(dns)).toBe('UDP [2001:db8::1]:53');
    expect((await dns.read()).settings).toEqual({
      scheduler: 'sh',
      schedulerFlags: 3,
      onePacketScheduling: true,
      persistence: { timeoutSeconds: 60, netmask: '64', engine: 'sip' },
    });
  });

  test('is made for a firewall mark of either family', async () => {
    await ipvs.addService({ firewallMark: 7 });
    await ipvs.addService({ firewallMark: 7, family: 'IPv6' });
    expect((await ipvs.listServices()).map(({ key }) => String(ipvs.service(key)))).toEqual(['FWM 7', 'FWM 7 IPv6']);
  });

  test('is edited in what is named, and keeps the rest', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80, persistence: { engine: 'sip' } });
    await web.addServer({ address: '192.168.0.1' });
    await web.edit({ scheduler: 'mh', schedulerFlags: ['mh-port'] });
    await web.edit({ persistence: { timeoutSeconds: 10 } });
    expect(await web.read()).toMatchObject({
      settings: {
        scheduler: 'mh',
        schedulerFlags: 2,
        persistence: { timeoutSeconds: 10, netmask: '255.255.255.255', engine: 'sip' },
      },
      servers: [{ address: '192.168.0.1' }],
    });
    await web.edit({ persistence: null });
    expect((await web.read()).settings.persistence).toBeNull();
  });

  test('loses the flags of its old scheduler with it', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80, scheduler: 'sh', schedulerFlags: ['sh-port'] });
    await web.edit({ scheduler: 'rr' });
    expect((await web.read()).settings).toMatchObject({ scheduler: 'rr', schedulerFlags: 0 });
  });

  test('is deleted, and then exists no more', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80 });
    expect(await web.exists()).toBe(true);
    await web.delete();
    expect(await web.exists()).toBe(false);
  });

  test('that is missing answers ESRCH to everything', async () => {
    const web = ipvs.service({ address: '10.0.0.1', port: 80 });
    const server = web.server({ address: '192.168.0.1' });
    const calls = [
      web.read(),
      web.edit({}),
      web.delete(),
      web.zero(),
      web.addServer({ address: '192.168.0.1' }),
      server.read(),
      server.setWeight(1),
      server.delete(),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'ESRCH'));
  });

  test('that exists cannot be added again', async () => {
    await ipvs.addService({ address: '10.0.0.1', port: 80 });
    const error = await ipvs.addService({ address: '10.0.0.1', port: 80 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'KernelError', code: 'EEXIST', operation: 'add service TCP 10.0.0.1:80' });
  });
});

describe('A real server', () => {
  test('is made with defaults, on the port of its service', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80 });
    const a = await web.addServer({ address: '192.168.0.1' });
    expect(String(a)).toBe('192.168.0.1:80');
    expect(await a.read()).toMatchObject({
      forwarding: 'Masquerade',
      tunnel: null,
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      connections: { active: 0, inactive: 0, persistent: 0 },
    });
  });

  test('of a firewall mark is on port 0', async () => {
    const service = await ipvs.addService({ firewallMark: 7 });
    expect((await service.addServer({ address: '192.168.0.1' })).key.port).toBe(0);
  });

  test('with a tunnel is forwarded to through it', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80 });
    const gue = { type: 'GUE', port: 6080, checksum: 'None' } as const;
    const a = await web.addServer({ address: '2001:db8::5', tunnel: gue });
    expect(await a.read()).toMatchObject({ forwarding: 'Tunnel', tunnel: gue });
    const b = await web.addServer({ address: '192.168.0.2', forwarding: 'Tunnel' });
    expect(await b.read()).toMatchObject({ tunnel: { type: 'IPIP' } });
    await b.edit({ forwarding: 'DirectRouting' });
    expect(await b.read()).toMatchObject({ forwarding: 'DirectRouting', tunnel: null });
  });

  test('keeps what an edit does not name', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80 });
    const a = await web.addServer({ address: '192.168.0.1', weight: 5, upperThreshold: 100, lowerThreshold: 50 });
    await a.setWeight(0);
    await a.edit({ lowerThreshold: 10 });
    expect(await a.read()).toMatchObject({ weight: 0, upperThreshold: 100, lowerThreshold: 10 });
  });

  test('shows its connections and rates', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80 });
    const a = await web.addServer({ address: '192.168.0.1' });
    kernel.setConnections(web.key, a.key, { active: 3, inactive: 2 });
    kernel.setStatistics(web.key, a.key, { connections: 9, connectionsPerSecond: 4 });
    kernel.setStatistics(web.key, null, { incomingBytes: 1000 });
    expect(await a.read()).toMatchObject({
      connections: { active: 3, inactive: 2, persistent: 0 },
      statistics: { connections: 9, connectionsPerSecond: 4 },
    });
    expect((await web.read()).statistics.incomingBytes).toBe(1000);
    await web.zero();
    expect((await a.read()).statistics.connections).toBe(0);
  });

  test('that is missing answers ENOENT', async () => {
    const web = await ipvs.addService({ address: '10.0.0.1', port: 80 });
    const a = web.server({ address: '192.168.0.1', port: 8080 });
    expect(await Promise.all([a.read(), a.setWeight(1), a.delete()].map(codeOf))).toEqual([
      'ENOENT',
      'ENOENT',
      'ENOENT',
    ]);
  });
});

describe('The director', () => {
  test('lists its services in the order of their addresses', async () => {
    await ipvs.addService({ address: '10.0.0.2', port: 80 });
    await ipvs.addService({ firewallMark: 1 });
    await ipvs.addService({ address: '10.0.0.1', port: 443 });
    await ipvs.addService({ address: '10.0.0.1', port: 80 });
    expect((await ipvs.listServices()).map(({ key }) => String(ipvs.service(key)))).toEqual([
      'TCP 10.0.0.1:80',
      'TCP 10.0.0.1:443',
      'TCP 10.0.0.2:80',
      'FWM 1',
    ]);
    await ipvs.flush();
    expect(await ipvs.listServices()).toEqual([]);
  });

  test('sets the timeouts that are given', async () => {
    await ipvs.setTimeouts({ tcpSeconds: 600 });
    expect(await ipvs.readTimeouts()).toEqual({ tcpSeconds: 600, tcpFinSeconds: 120, udpSeconds: 300 });
  });

  test('starts and stops sync daemons', async () => {
    await ipvs.startDaemon({ role: 'Master', interface: 'eth0', syncId: 5, ttl: 2 });
    expect(await ipvs.readDaemons()).toMatchObject([
      { role: 'Master', syncId: 5, ttl: 2, multicastGroup: '224.0.0.81' },
    ]);
    await ipvs.stopDaemon('Master');
    expect(await codeOf(ipvs.stopDaemon('Master'))).toBe('ESRCH');
  });

  test('carries many operations out and throws none of their errors', async () => {
    const key = ipvs.service({ address: '10.0.0.1', port: 80 }).key;
    const results = await ipvs.apply([
      { kind: 'DeleteService', key },
      { kind: 'ZeroStatistics', key: null },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['Failed', 'Done']);
  });
});
