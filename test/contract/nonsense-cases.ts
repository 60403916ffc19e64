import type { Operation, RealServer, ServiceKey, SyncDaemon, Tunnel } from '../../src/model/index.js';
import type { OperationCase } from './operation-case.js';
import {
  addServer,
  addService,
  deleteServer,
  editServer,
  editService,
  MARK,
  PERSISTENT,
  WEB,
  WEB_IPV6,
} from './samples.js';
import { INTERFACE } from './target.js';

/**
 * What the types forbid, or say in a comment: it is never sent to a kernel that would cut it to size or take it for
 * something else. That is seen before anything of the table is looked at: so these answer EINVAL where the service is
 * missing too.
 */
const NONSENSE: readonly (readonly [what: string, operation: Operation])[] = [
  ...badKeys().flatMap(([what, key]): readonly (readonly [string, Operation])[] => [
    [what, addService(key)],
    [what, editService(key)],
    [what, { kind: 'DeleteService', key }],
    [what, addServer(key)],
    [what, editServer(key)],
    [what, deleteServer(key)],
    [what, { kind: 'ZeroStatistics', key }],
  ]),
  ...badServers().flatMap(([what, server]): readonly (readonly [string, Operation])[] => [
    [what, addServer(WEB, server)],
    [what, editServer(WEB, server)],
  ]),
  ['a server address that is no address', deleteServer(WEB, { address: 'localhost' })],
  ['a server port beyond 65535', deleteServer(WEB, { port: 65536 })],
  ['a scheduler with a name of 16 characters', addService(WEB, { scheduler: 'a-name-of-16-chr' })],
  ['a scheduler with a space', editService(WEB, { scheduler: 'w lc' })],
  ['a fourth scheduler flag', addService(WEB, { schedulerFlags: 8 })],
  ['a netmask that is none', addService(WEB, { persistence: { ...PERSISTENT, netmask: '64' } })],
  ['an IPv6 netmask of IPv4', editService(WEB_IPV6, { persistence: PERSISTENT })],
  ['a broken persistence timeout', addService(WEB, { persistence: { ...PERSISTENT, timeoutSeconds: 0.5 } })],
  ['a stray engine beside persistence', addService(WEB, { persistence: PERSISTENT, strayEngine: 'sip' })],
  ['a negative timeout', { kind: 'SetTimeouts', timeouts: { tcpSeconds: -1, tcpFinSeconds: 0, udpSeconds: 0 } }],
  ...badDaemons().map(([what, daemon]) => [what, { kind: 'StartDaemon', daemon }] as const),
  ['a name of a sysctl that is a path', { kind: 'SetSysctl', name: '../ip_forward', value: '1' }],
];

export const nonsenseCases: readonly OperationCase[] = NONSENSE.map(([what, operation]) => ({
  name: `answers EINVAL to ${what}`,
  operation,
  outcome: 'EINVAL',
}));

function badKeys(): readonly (readonly [what: string, key: ServiceKey])[] {
  return [
    ['a port beyond 65535', { ...WEB, port: 65536 }],
    ['a negative port', { ...WEB, port: -1 }],
    ['a broken port', { ...WEB, port: 0.5 }],
    ['a protocol that no service has', { ...WEB, protocol: 'ICMP' as 'TCP' }],
    ['an address that is a name', { ...WEB, address: 'localhost' }],
    ['an address with a zone', { ...WEB, address: 'fe80::1%lo' }],
    ['an address with a leading zero', { ...WEB, address: '10.0.0.01' }],
    ['firewall mark 0', { ...MARK, firewallMark: 0 }],
    ['a firewall mark of 33 bits', { ...MARK, firewallMark: 0x1_0000_0000 }],
  ];
}

function badServers(): readonly (readonly [what: string, server: Partial<RealServer>])[] {
  const gue: Tunnel = { type: 'GUE', port: 65536, checksum: 'None' };
  return [
    ['a server address that is no address', { address: '10.0.0' }],
    ['a server port beyond 65535', { port: 65536 }],
    ['a broken weight', { weight: 0.5 }],
    ['a weight of 32 bits', { weight: 0x8000_0000 }],
    ['a threshold of 33 bits', { upperThreshold: 0x1_0000_0000 }],
    ['a forwarding method that is none', { forwarding: 'NAT' as 'Masquerade' }],
    ['a tunnel beside masquerading', { tunnel: { type: 'IPIP' } }],
    ['tunnelling without a tunnel', { forwarding: 'Tunnel' }],
    ['a tunnel that is none', { forwarding: 'Tunnel', tunnel: { type: 'VXLAN' } as unknown as Tunnel }],
    ['a checksum that GRE has not', { forwarding: 'Tunnel', tunnel: { type: 'GRE', checksum: 'Remote' as 'None' } }],
    ['a GUE port beyond 65535', { forwarding: 'Tunnel', tunnel: gue }],
  ];
}

function badDaemons(): readonly (readonly [what: string, daemon: SyncDaemon])[] {
  const daemon: SyncDaemon = { role: 'Master', interface: INTERFACE, syncId: 1 };
  return [
    ['a sync id beyond a byte', { ...daemon, syncId: 256 }],
    ['a TTL beyond a byte', { ...daemon, ttl: 256 }],
    ['a port beyond 65535', { ...daemon, port: 65536 }],
    ['a message length beyond 65535', { ...daemon, maximumMessageLength: 65536 }],
    ['an interface with a name of 16 characters', { ...daemon, interface: 'a-name-of-16-chr' }],
    ['a group that is no address', { ...daemon, multicastGroup: 'all' }],
    ['a role that is none', { ...daemon, role: 'Leader' as 'Master' }],
  ];
}
