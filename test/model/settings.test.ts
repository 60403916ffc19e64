import { describe, expect, test } from 'vitest';
import {
  describeOperation,
  netmaskFromPrefix,
  prefixFromNetmask,
  realServerKeyText,
  sameRealServer,
  sameServiceSettings,
  schedulerFlagNames,
} from '../../src/model/index.js';
import type { Operation, RealServer, ServiceSettings } from '../../src/model/index.js';
import {
  addServer,
  addService,
  deleteServer,
  editServer,
  editService,
  makeServer,
  MARK_IPV6,
  PERSISTENT,
  WEB,
  WLC,
} from '../contract/samples.js';

describe('Netmasks', () => {
  test.each([
    [0, '0.0.0.0'],
    [1, '128.0.0.0'],
    [24, '255.255.255.0'],
    [31, '255.255.255.254'],
    [32, '255.255.255.255'],
  ])('of IPv4: /%i is %s', (length, netmask) => {
    expect(netmaskFromPrefix('IPv4', length)).toBe(netmask);
    expect(prefixFromNetmask('IPv4', netmask)).toBe(length);
  });

  test('of IPv6 are prefix lengths', () => {
    expect(netmaskFromPrefix('IPv6', 64)).toBe('64');
    expect(prefixFromNetmask('IPv6', '64')).toBe(64);
  });

  test('with holes have no prefix length', () => {
    expect(prefixFromNetmask('IPv4', '255.0.255.0')).toBeUndefined();
  });
});

describe('Two states of a service are the same', () => {
  test.each<readonly [string, Partial<ServiceSettings>, Partial<ServiceSettings>, boolean]>([
    ['where nothing differs', { persistence: PERSISTENT }, { persistence: { ...PERSISTENT } }, true],
    ['but for the scheduler', {}, { scheduler: 'rr' }, false],
    ['but for its flags', {}, { schedulerFlags: 1 }, false],
    ['but for one-packet scheduling', {}, { onePacketScheduling: true }, false],
    ['but for persistence', {}, { persistence: PERSISTENT }, false],
    ['but for the timeout', { persistence: PERSISTENT }, { persistence: { ...PERSISTENT, timeoutSeconds: 1 } }, false],
    ['but for the netmask', { persistence: PERSISTENT }, { persistence: { ...PERSISTENT, netmask: '0.0.0.0' } }, false],
    ['but for the engine', { persistence: PERSISTENT }, { persistence: { ...PERSISTENT, engine: 'sip' } }, false],
  ])('%s', (_, a, b, same) => {
    expect(sameServiceSettings({ ...WLC, ...a }, { ...WLC, ...b })).toBe(same);
    expect(sameServiceSettings({ ...WLC, ...b }, { ...WLC, ...a })).toBe(same);
  });
});

describe('Two states of a real server are the same', () => {
  const gue = { type: 'GUE', port: 6080, checksum: 'None' } as const;
  const gre = { type: 'GRE', checksum: 'None' } as const;
  test.each<readonly [string, Partial<RealServer>, Partial<RealServer>, boolean]>([
    ['where nothing differs', { tunnel: gue }, { tunnel: { ...gue } }, true],
    ['where no tunnel differs', { tunnel: gre }, { tunnel: { ...gre } }, true],
    ['in an IPIP tunnel', { tunnel: { type: 'IPIP' } }, { tunnel: { type: 'IPIP' } }, true],
    ['but for the weight', {}, { weight: 2 }, false],
    ['but for the forwarding method', {}, { forwarding: 'DirectRouting' }, false],
    ['but for the upper threshold', {}, { upperThreshold: 2 }, false],
    ['but for the lower threshold', {}, { lowerThreshold: 2 }, false],
    ['but for a tunnel', {}, { tunnel: gre }, false],
    ['but for the kind of tunnel', { tunnel: gue }, { tunnel: gre }, false],
    ['but for the port of the tunnel', { tunnel: gue }, { tunnel: { ...gue, port: 1 } }, false],
    ['but for the checksum of GUE', { tunnel: gue }, { tunnel: { ...gue, checksum: 'Remote' } }, false],
    ['but for the checksum of GRE', { tunnel: gre }, { tunnel: { ...gre, checksum: 'Standard' } }, false],
  ])('%s', (_, a, b, same) => {
    expect(sameRealServer(makeServer(a), makeServer(b))).toBe(same);
    expect(sameRealServer(makeServer(b), makeServer(a))).toBe(same);
  });
});

test.each([
  ['192.168.0.1', '192.168.0.1:80'],
  ['fd00::1', '[fd00::1]:80'],
])('The text of a real server at %s is %s', (address, text) => {
  expect(realServerKeyText({ address, port: 80 })).toBe(text);
});

test.each([
  ['sh', 3, ['sh-fallback', 'sh-port']],
  ['mh', 2, ['mh-port']],
  ['wlc', 5, ['flag-1', 'flag-3']],
  ['wlc', 0, []],
])('The flags of %s that are %i have names', (scheduler, flags, names) => {
  expect(schedulerFlagNames(scheduler, flags)).toEqual(names);
});

test.each<readonly [Operation, string]>([
  [addService(), 'add service TCP 10.0.0.1:80'],
  [editService(WEB), 'edit service TCP 10.0.0.1:80'],
  [{ kind: 'DeleteService', key: MARK_IPV6 }, 'delete service FWM 7 IPv6'],
  [addServer(), 'add real server 192.168.0.1:80 to TCP 10.0.0.1:80'],
  [editServer(), 'edit real server 192.168.0.1:80 of TCP 10.0.0.1:80'],
  [deleteServer(), 'delete real server 192.168.0.1:80 from TCP 10.0.0.1:80'],
  [{ kind: 'ZeroStatistics', key: null }, 'zero all counters'],
  [{ kind: 'ZeroStatistics', key: WEB }, 'zero the counters of TCP 10.0.0.1:80'],
  [{ kind: 'Flush' }, 'flush the table'],
  [{ kind: 'SetTimeouts', timeouts: { tcpSeconds: 1, tcpFinSeconds: 1, udpSeconds: 1 } }, 'set the timeouts'],
  [
    { kind: 'StartDaemon', daemon: { role: 'Master', interface: 'eth0', syncId: 1 } },
    'start the Master sync daemon on eth0',
  ],
  [{ kind: 'StopDaemon', role: 'Backup' }, 'stop the Backup sync daemon'],
  [{ kind: 'SetSysctl', name: 'conntrack', value: '1' }, 'set net.ipv4.vs.conntrack to 1'],
])('%o is described in words', (operation, words) => {
  expect(describeOperation(operation)).toBe(words);
});
