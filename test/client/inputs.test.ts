import { describe, expect, test } from 'vitest';
import { InvalidInputError, Ipvs } from '../../src/client/index.js';
import type { ServerInput, ServerSettingsInput, ServiceInput } from '../../src/client/index.js';
import type { SyncDaemon, Timeouts } from '../../src/model/index.js';
import { createFakeKernel } from '../../src/testing/index.js';

const web = { address: '10.0.0.1', port: 80 };
const ipvs = new Ipvs(createFakeKernel());

/** Each fault as `path: message`; that the kernel was not asked shows in the table, which stays empty. */
async function faultsOf(call: () => Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await call().catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InvalidInputError);
  return (error as InvalidInputError).issues.map(({ path, message }) => `${path}: ${message}`);
}

describe('A service is refused', () => {
  const cases: readonly (readonly [name: string, input: unknown, fault: string])[] = [
    ['for a port that is none', { ...web, port: 70000 }, 'port: expected a whole number from 0 to 65535, got 70000'],
    ['for a port that is text', { ...web, port: '80' }, 'port: expected a whole number from 0 to 65535, got "80"'],
    ['for a missing port', { address: '10.0.0.1' }, 'port: expected a whole number from 0 to 65535, got nothing'],
    [
      'for an address that is a name',
      { ...web, address: 'localhost' },
      'address: expected an IPv4 or IPv6 address without a zone, got "localhost"',
    ],
    [
      'for an address with a zone',
      { ...web, address: 'fe80::1%eth0' },
      'address: expected an IPv4 or IPv6 address without a zone, got "fe80::1%eth0"',
    ],
    ['for an unknown protocol', { ...web, protocol: 'tcp' }, 'protocol: expected TCP, UDP, SCTP, got "tcp"'],
    ['for mark 0', { firewallMark: 0 }, 'firewallMark: expected a whole number from 1 to 4294967295, got 0'],
    [
      'for a mark with an address',
      { ...web, firewallMark: 1 },
      'address: a service has an address and a port, or a firewall mark and a family',
    ],
    [
      'for a family with an address',
      { ...web, family: 'IPv4' },
      'family: a service has an address and a port, or a firewall mark and a family',
    ],
    [
      'for a field that does not exist',
      { ...web, schedular: 'rr' },
      'schedular: there is no such field; there are address, port, protocol, firewallMark, family, ' +
        'scheduler, schedulerFlags, onePacketScheduling, persistence',
    ],
    [
      'for a scheduler that no kernel has',
      { ...web, scheduler: 'Weighted Least' },
      'scheduler: expected the name of a scheduler, such as wlc, got "Weighted Least"',
    ],
    [
      'for a flag of another scheduler',
      { ...web, scheduler: 'mh', schedulerFlags: ['mh-port', 'sh-port'] },
      'schedulerFlags[1]: expected mh-fallback, mh-port, flag-3, got "sh-port"',
    ],
    [
      'for a timeout beyond 31 days',
      { ...web, persistence: { timeoutSeconds: 2_678_401 } },
      'persistence.timeoutSeconds: expected a whole number from 1 to 2678400, got 2678401',
    ],
    [
      'for a prefix length that IPv4 has not',
      { ...web, persistence: { prefixLength: 64 } },
      'persistence.prefixLength: expected a whole number from 0 to 32, got 64',
    ],
    [
      'for a prefix length that IPv6 has not',
      { ...web, address: '::1', persistence: { prefixLength: 0 } },
      'persistence.prefixLength: expected a whole number from 1 to 128, got 0',
    ],
    [
      'for port 0 without persistence',
      { ...web, port: 0 },
      'persistence: a service on port 0, which is every port, needs persistence',
    ],
    [
      'for one-packet scheduling of TCP',
      { ...web, onePacketScheduling: true },
      'onePacketScheduling: there is no such thing for TCP',
    ],
  ];
  test.each(cases)('%s', async (_, input, fault) => {
    expect(await faultsOf(() => ipvs.addService(input as ServiceInput))).toContain(fault);
    expect(await ipvs.listServices()).toEqual([]);
  });

  test('for all its faults at once', async () => {
    const input = { address: 'nowhere', port: -1, scheduler: '' };
    expect(await faultsOf(() => ipvs.addService(input))).toHaveLength(3);
    await expect(ipvs.addService(input)).rejects.toThrow(/^service: address: expected .*; port: .*; scheduler: /);
  });
});

describe('A real server is refused', () => {
  const cases: readonly (readonly [name: string, input: unknown, fault: string])[] = [
    ['for a weight below 0', { weight: -1 }, 'weight: expected a whole number from 0 to 2147483647, got -1'],
    ['for a broken weight', { weight: 1.5 }, 'weight: expected a whole number from 0 to 2147483647, got 1.5'],
    [
      'for an unknown forwarding method',
      { forwarding: 'NAT' },
      'forwarding: expected Masquerade, DirectRouting, Tunnel, Local, Bypass, got "NAT"',
    ],
    [
      'for a lower threshold above the upper one',
      { lowerThreshold: 5 },
      'lowerThreshold: expected no more than upperThreshold',
    ],
    [
      'for a tunnel without tunnelling',
      { forwarding: 'DirectRouting', tunnel: { type: 'IPIP' } },
      'tunnel: needs the forwarding method Tunnel',
    ],
    ['for an unknown tunnel', { tunnel: { type: 'VXLAN' } }, 'tunnel.type: expected IPIP, GUE, GRE, got "VXLAN"'],
    [
      'for a GUE tunnel without port',
      { tunnel: { type: 'GUE', checksum: 'None' } },
      'tunnel.port: expected a whole number from 1 to 65535, got nothing',
    ],
    [
      'for a checksum that GRE has not',
      { tunnel: { type: 'GRE', checksum: 'Remote' } },
      'tunnel.checksum: expected None, Standard, got "Remote"',
    ],
  ];
  const service = ipvs.service(web);

  test.each(cases)('%s', async (_, settings, fault) => {
    const input = { address: '192.168.0.1', ...(settings as ServerSettingsInput) };
    expect(await faultsOf(() => service.addServer(input))).toContain(fault);
  });

  test('for the other family without a tunnel', async () => {
    const input: ServerInput = { address: '2001:db8::1' };
    expect(await faultsOf(() => service.addServer(input))).toEqual([
      'forwarding: a server outside of IPv4 needs a tunnel',
    ]);
  });
});

describe('A sync daemon is refused', () => {
  const daemon: SyncDaemon = { role: 'Master', interface: 'eth0', syncId: 1 };
  const cases: readonly (readonly [name: string, input: unknown, fault: string])[] = [
    ['for an unknown role', { role: 'master' }, 'role: expected Master, Backup, got "master"'],
    ['for a sync id beyond a byte', { syncId: 256 }, 'syncId: expected a whole number from 0 to 255, got 256'],
    [
      'for an interface name that is too long',
      { interface: 'a-name-of-16-chr' },
      'interface: expected the name of a network interface, got "a-name-of-16-chr"',
    ],
    ['for port 0', { port: 0 }, 'port: expected a whole number from 1 to 65535, got 0'],
  ];
  test.each(cases)('%s', async (_, more, fault) => {
    expect(await faultsOf(() => ipvs.startDaemon({ ...daemon, ...(more as SyncDaemon) }))).toEqual([fault]);
  });
});

test.each<readonly [string, unknown, string]>([
  ['a timeout of 0', { udpSeconds: 0 }, 'udpSeconds: expected a whole number from 1 to 2147483, got 0'],
  [
    'a timeout that does not exist',
    { sctpSeconds: 5 },
    'sctpSeconds: there is no such field; there are tcpSeconds, tcpFinSeconds, udpSeconds',
  ],
])('Timeouts are refused for %s', async (_, input, fault) => {
  expect(await faultsOf(() => ipvs.setTimeouts(input as Timeouts))).toEqual([fault]);
});
