/**
 * Documents that are refused, by `validate` and by the API server alike: for the same field, and in the same words where
 * the API server lets a definition choose them.
 */
export interface BadDocument {
  readonly name: string;
  readonly kind: 'VirtualService' | 'Director';
  readonly spec: Readonly<Record<string, unknown>>;
  /** The field that `validate` names. */
  readonly path: string;
  /** What of its message does not depend on what was found. */
  readonly says: string;
  /** Where the API server differs: rules between fields stand at what holds them, types and bounds have its own words. */
  readonly server?: { readonly path?: string; readonly says?: string };
}

const FRONT = { addresses: ['10.0.0.1'], ports: [{ port: 80 }] };
const service = (spec: object) => ({ kind: 'VirtualService' as const, spec: { ...FRONT, ...spec } });
const director = (spec: object) => ({ kind: 'Director' as const, spec: { ...spec } });
const served = (server: object, spec: object = {}) =>
  service({ realServers: [{ address: '192.168.0.1', ...server }], ...spec });
const checked = (check: object) => service({ health: { checks: [{ name: 'page', type: 'TCP', ...check }] } });
const TUNNEL_IPIP = { method: 'Tunnel', tunnel: { type: 'IPIP' } };

const OF_ADDRESS = { says: 'expected an IPv4 or IPv6 address in its canonical form' };
const OF_RANGE = { says: 'expected a range of addresses in its canonical form, such as 10.0.0.0/16' };
const OF_PORT = { says: 'should be less than or equal to 65535' };
const OF_INTEGER = { says: 'must be of type integer' };
const UNKNOWN = { says: 'unknown field' };

export const BAD_DOCUMENTS: readonly BadDocument[] = [
  { name: 'a misspelt field', ...served({ wieght: 3 }), path: 'spec.realServers[0].wieght', says: 'unknown field' },
  { name: 'a field at the wrong level', ...service({ weight: 3 }), path: 'spec.weight', says: 'unknown field' },
  {
    name: 'a word for a number',
    ...served({ weight: 'eighty' }),
    path: 'spec.realServers[0].weight',
    says: 'expected a whole number from 0 to 65535',
    server: OF_INTEGER,
  },
  {
    name: 'a number in quotes',
    ...service({ ports: [{ port: '80' }] }),
    path: 'spec.ports[0].port',
    says: 'expected a whole number from 0 to 65535',
    server: OF_INTEGER,
  },
  {
    name: 'a number with a fraction',
    ...service({ ports: [{ port: 80.5 }] }),
    path: 'spec.ports[0].port',
    says: 'expected a whole number from 0 to 65535',
    server: OF_INTEGER,
  },
  {
    name: 'a number for a word',
    ...service({ scheduler: 7 }),
    path: 'spec.scheduler',
    says: 'expected the name of a scheduler, such as wlc or rr',
    server: { says: 'must be of type string' },
  },
  {
    name: 'a word for a boolean',
    ...service({ suspend: 'yes' }),
    path: 'spec.suspend',
    says: 'expected true or false',
    server: { says: 'must be of type boolean' },
  },
  {
    name: 'an address for a list of them',
    ...service({ addresses: '10.0.0.1' }),
    path: 'spec.addresses',
    says: 'expected a list',
    server: { says: 'must be of type array' },
  },
  {
    name: 'a port above the last',
    ...service({ ports: [{ port: 65536 }] }),
    path: 'spec.ports[0].port',
    says: 'expected a whole number from 0 to 65535',
    server: OF_PORT,
  },
  {
    name: 'a target port of 0',
    ...service({ ports: [{ port: 80, targetPort: 0 }] }),
    path: 'spec.ports[0].targetPort',
    says: 'expected a whole number from 1 to 65535',
    server: { says: 'should be greater than or equal to 1' },
  },
  {
    name: 'a weight above what is allowed',
    ...served({ weight: 65536 }),
    path: 'spec.realServers[0].weight',
    says: 'expected a whole number from 0 to 65535',
    server: OF_PORT,
  },
  {
    name: 'an IPv6 address that is not in canonical form',
    ...service({ addresses: ['2001:DB8:0::1'] }),
    path: 'spec.addresses[0]',
    says: 'expected the address in its canonical form, 2001:db8::1',
    server: OF_ADDRESS,
  },
  ...['[fd00::1]', 'fe80::1%eth0', '10.0.0.01', '10.1', '10.0.0.1:80', '10.0.0.0/24', 'web.example.org', ''].map(
    (address) => ({
      name: `${JSON.stringify(address)} for an address`,
      ...service({ addresses: [address] }),
      path: 'spec.addresses[0]',
      says: 'expected an IPv4 or IPv6 address',
      server: OF_ADDRESS,
    }),
  ),
  {
    name: 'an IPv4 address written as IPv6',
    ...served({ address: '::ffff:192.168.0.1' }, { addresses: ['2001:db8::1'] }),
    path: 'spec.realServers[0].address',
    says: 'expected the IPv4 address itself, 192.168.0.1',
    server: OF_ADDRESS,
  },
  {
    name: "a real server's address that is not in canonical form",
    ...served({ address: 'FD00::1' }, { addresses: ['2001:db8::1'] }),
    path: 'spec.realServers[0].address',
    says: 'expected the address in its canonical form, fd00::1',
    server: OF_ADDRESS,
  },
  {
    name: 'no address at all',
    ...service({ addresses: [] }),
    path: 'spec.addresses',
    says: 'expected 1 to 16 elements',
    server: { says: 'should have at least 1 items' },
  },
  {
    name: 'more addresses than allowed',
    ...service({ addresses: Array.from({ length: 17 }, (_, i) => `10.0.0.${i}`) }),
    path: 'spec.addresses',
    says: 'expected 1 to 16 elements',
    server: { says: 'must have at most 16 items' },
  },
  {
    name: 'a word in another case',
    ...service({ ports: [{ port: 80, protocol: 'tcp' }] }),
    path: 'spec.ports[0].protocol',
    says: 'expected TCP, UDP or SCTP',
    server: { says: 'supported values: "TCP", "UDP", "SCTP"' },
  },
  {
    name: 'a scheduler that no kernel could have',
    ...service({ scheduler: 'Round Robin' }),
    path: 'spec.scheduler',
    says: 'expected the name of a scheduler, such as wlc or rr',
  },
  {
    name: "a port's name that is none",
    ...service({ ports: [{ port: 80, name: 'HTTP' }] }),
    path: 'spec.ports[0].name',
    says: 'expected a name of at most 63 lower-case letters, digits and "-"',
  },
  {
    name: 'a real server without address',
    ...service({ realServers: [{ weight: 1 }] }),
    path: 'spec.realServers[0].address',
    says: 'missing',
    server: { says: 'Required value' },
  },
  {
    name: 'neither addresses nor a mark',
    kind: 'VirtualService',
    spec: { scheduler: 'rr' },
    path: 'spec',
    says: 'a virtual service has either addresses and ports, or a firewallMark',
  },
  {
    name: 'addresses without ports',
    kind: 'VirtualService',
    spec: { addresses: ['10.0.0.1'] },
    path: 'spec.ports',
    says: 'a virtual service has either addresses and ports, or a firewallMark',
    server: { path: 'spec' },
  },
  {
    name: 'addresses beside a mark',
    ...service({ firewallMark: { value: 7 } }),
    path: 'spec.firewallMark',
    says: 'a virtual service has either addresses and ports, or a firewallMark',
    server: { path: 'spec' },
  },
  {
    name: 'a mark of 0',
    kind: 'VirtualService',
    spec: { firewallMark: { value: 0 } },
    path: 'spec.firewallMark.value',
    says: 'expected a whole number from 1 to 4294967295',
    server: { says: 'should be greater than or equal to 1' },
  },
  {
    name: 'a flag of another scheduler',
    ...service({ schedulerFlags: ['sh-port'] }),
    path: 'spec.schedulerFlags[0]',
    says: 'sh-fallback and sh-port are flags of the scheduler sh, mh-fallback and mh-port of mh',
    server: { path: 'spec' },
  },
  {
    name: 'one-packet scheduling of TCP',
    ...service({ onePacketScheduling: true }),
    path: 'spec.onePacketScheduling',
    says: 'one-packet scheduling is for UDP: no port may be TCP or SCTP',
    server: { path: 'spec' },
  },
  {
    name: 'every port without persistence',
    ...service({ ports: [{ port: 0 }] }),
    path: 'spec.ports[0].port',
    says: 'port 0, which is every port, needs persistence',
    server: { path: 'spec' },
  },
  {
    name: 'persistence for longer than a month',
    ...service({ persistence: { timeoutSeconds: 2_678_401 } }),
    path: 'spec.persistence.timeoutSeconds',
    says: 'expected a whole number from 1 to 2678400',
    server: { says: 'should be less than or equal to 2678400' },
  },
  {
    name: 'an IPv4 prefix longer than an address',
    ...service({ persistence: { ipv4PrefixLength: 33 } }),
    path: 'spec.persistence.ipv4PrefixLength',
    says: 'expected a whole number from 0 to 32',
    server: { says: 'should be less than or equal to 32' },
  },
  {
    name: 'a target port that direct routing cannot reach',
    ...served({}, { ports: [{ port: 80, targetPort: 8080 }], forwarding: { method: 'DirectRouting' } }),
    path: 'spec.ports[0].targetPort',
    says: 'DirectRouting and Tunnel keep the virtual port: another one is not possible',
    server: { path: 'spec' },
  },
  {
    name: 'a server port that tunnelling cannot reach',
    ...served({ port: 8080, forwarding: TUNNEL_IPIP }),
    path: 'spec.realServers[0].port',
    says: 'DirectRouting and Tunnel keep the virtual port: another one is not possible',
    server: { path: 'spec' },
  },
  {
    name: 'a server port beside several ports',
    ...served({ port: 80 }, { ports: [{ port: 80 }, { port: 443 }] }),
    path: 'spec.realServers[0].port',
    says: 'a port of its own is for a real server of a service with exactly one port',
    server: { path: 'spec' },
  },
  {
    name: 'a server of a family without address',
    ...served({ address: 'fd00::1' }),
    path: 'spec.realServers[0].address',
    says: 'the service has no virtual address of the family that this server would join',
    server: { path: 'spec' },
  },
  {
    name: 'a sorry server of a family without address',
    ...service({ sorryServers: [{ address: 'fd00::1' }] }),
    path: 'spec.sorryServers[0].address',
    says: 'the service has no virtual address of the family that this server would join',
    server: { path: 'spec' },
  },
  {
    name: 'a server of a family that a mark is not of',
    kind: 'VirtualService',
    spec: { firewallMark: { value: 7, addressFamilies: ['IPv6'] }, realServers: [{ address: '192.168.0.1' }] },
    path: 'spec.realServers[0].address',
    says: 'the service has no virtual address of the family that this server would join',
    server: { path: 'spec' },
  },
  {
    name: 'a server of the other family without tunnel',
    ...served({ address: 'fd00::1', crossFamily: true }),
    path: 'spec.realServers[0].crossFamily',
    says: 'crossFamily needs the method Tunnel',
    server: { path: 'spec' },
  },
  {
    name: 'a server twice',
    ...service({ realServers: [{ address: '192.168.0.1' }, { address: '192.168.0.1', port: 0 }] }),
    path: 'spec.realServers[1]',
    says: 'is there already',
    server: { says: 'Duplicate value' },
  },
  {
    name: 'an address twice',
    ...service({ addresses: ['10.0.0.1', '10.0.0.1'] }),
    path: 'spec.addresses[1]',
    says: 'is there already',
    server: { says: 'Duplicate value' },
  },
  {
    name: 'a port twice',
    ...service({ ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }] }),
    path: 'spec.ports[1]',
    says: 'is there already',
    server: { says: 'Duplicate value' },
  },
  {
    name: 'a lower threshold without an upper one',
    ...served({ connectionThresholds: { lower: 5 } }),
    path: 'spec.realServers[0].connectionThresholds.lower',
    says: 'the lower threshold needs an upper one, and is not above it',
    server: { path: 'spec.realServers[0].connectionThresholds' },
  },
  {
    name: 'a weight that slow start cannot multiply',
    ...served({ weight: 656 }, { slowStart: { durationSeconds: 60 } }),
    path: 'spec.realServers[0].weight',
    says: 'with slowStart a weight is at most 655',
    server: { path: 'spec' },
  },
  {
    name: 'a weight of found servers that slow start cannot multiply',
    ...service({
      slowStart: { durationSeconds: 60 },
      realServersFrom: [{ endpointSlices: { serviceName: 'web' }, defaults: { weight: 656 } }],
    }),
    path: 'spec.realServersFrom[0].defaults.weight',
    says: 'with slowStart a weight is at most 655',
    server: { path: 'spec' },
  },
  {
    name: 'tunnel settings without tunnel',
    ...service({ forwarding: { method: 'Masquerade', tunnel: { type: 'IPIP' } } }),
    path: 'spec.forwarding.tunnel',
    says: 'tunnel settings need the method Tunnel',
    server: { path: 'spec.forwarding' },
  },
  {
    name: 'GUE without port',
    ...service({ forwarding: { method: 'Tunnel', tunnel: { type: 'GUE' } } }),
    path: 'spec.forwarding.tunnel',
    says: 'gue settings belong to the tunnel type GUE, which needs them for its port',
  },
  {
    name: 'settings of another tunnel',
    ...served({ forwarding: { method: 'Tunnel', tunnel: { type: 'IPIP', gre: {} } } }),
    path: 'spec.realServers[0].forwarding.tunnel.gre',
    says: 'gre settings belong to the tunnel type GRE',
    server: { path: 'spec.realServers[0].forwarding.tunnel' },
  },
  {
    name: 'a quorum by two measures',
    ...service({ quorum: { minimumHealthy: 1, minimumWeight: 1 } }),
    path: 'spec.quorum',
    says: 'a quorum is minimumHealthy or minimumWeight, not both',
  },
  {
    name: 'settings of another check',
    ...checked({ http: { path: '/' } }),
    path: 'spec.health.checks[0].http',
    says: 'http settings belong to the check type HTTP',
    server: { path: 'spec.health.checks[0]' },
  },
  {
    name: 'settings of TCP for another check',
    ...checked({ type: 'HTTP', tcp: { expect: 'ok' } }),
    path: 'spec.health.checks[0].tcp',
    says: 'tcp settings belong to the check type TCP',
    server: { path: 'spec.health.checks[0]' },
  },
  {
    name: 'a check without a port where servers have none',
    kind: 'VirtualService',
    spec: { firewallMark: { value: 7 }, health: { checks: [{ name: 'open', type: 'TCP' }] } },
    path: 'spec.health.checks[0].port',
    says: 'where servers have no port of their own, behind port 0 or a firewall mark, a check needs one',
    server: { path: 'spec' },
  },
  {
    name: 'a check that outlasts its interval',
    ...checked({ intervalSeconds: 5, timeoutSeconds: 6 }),
    path: 'spec.health.checks[0].timeoutSeconds',
    says: 'a check must end before the next one begins: its timeout is at most its interval',
    server: { path: 'spec.health.checks[0]' },
  },
  {
    name: 'a check that asks one family from another',
    ...checked({ address: '192.168.0.1', sourceAddress: '2001:db8::1' }),
    path: 'spec.health.checks[0].sourceAddress',
    says: 'a check asks from an address of the same family as what it asks',
    server: { path: 'spec.health.checks[0]' },
  },
  {
    name: 'a program that is not said',
    ...checked({ type: 'Exec' }),
    path: 'spec.health.checks[0].exec',
    says: 'a check of the type Exec needs exec settings, which have its command',
    server: { path: 'spec.health.checks[0]' },
  },
  ...['/bin/sh', '../sh', 'a/../../sh', '.sh', 'sh -c true', ''].map((program) => ({
    name: `${JSON.stringify(program)} for a program`,
    ...checked({ type: 'Exec', exec: { command: [program] } }),
    path: 'spec.health.checks[0].exec.command[0]',
    says: 'the command begins with the path of a program below --exec-dir, such as check-mysql',
    server: { path: 'spec.health.checks[0].exec' },
  })),
  {
    name: 'a variable that decides what else runs',
    ...checked({
      type: 'Exec',
      exec: { command: ['check'], environment: [{ name: 'LD_PRELOAD', value: '/tmp/a.so' }] },
    }),
    path: 'spec.health.checks[0].exec.environment[0].name',
    says: 'expected a name in capitals that begins with CHECK_',
  },
  {
    name: 'a ping at a port',
    ...checked({ type: 'Ping', port: 80 }),
    path: 'spec.health.checks[0].port',
    says: 'a ping asks no port',
    server: { path: 'spec.health.checks[0]' },
  },
  {
    name: 'a datagram in two forms',
    ...checked({ type: 'UDP', udp: { send: 'a', sendHex: '61' } }),
    path: 'spec.health.checks[0].udp.sendHex',
    says: 'what is sent or expected is said as text or in hexadecimal, not both',
    server: { path: 'spec.health.checks[0].udp' },
  },
  {
    name: 'an answer in two forms',
    ...checked({ type: 'UDP', udp: { expect: 'a', expectHex: '61' } }),
    path: 'spec.health.checks[0].udp.expectHex',
    says: 'what is sent or expected is said as text or in hexadecimal, not both',
    server: { path: 'spec.health.checks[0].udp' },
  },
  {
    name: 'half a byte',
    ...checked({ type: 'UDP', udp: { sendHex: '0a1' } }),
    path: 'spec.health.checks[0].udp.sendHex',
    says: 'expected bytes in hexadecimal, such as "0a1b"',
  },
  ...['example..org', `${'a'.repeat(64)}.org`, 'bücher.example'].map((name) => ({
    name: `a name that cannot be looked up, ${name.slice(0, 20)}`,
    ...checked({ type: 'DNS', dns: { name } }),
    path: 'spec.health.checks[0].dns.name',
    says: 'expected a name to look up, such as example.org',
  })),
  {
    name: 'a status that HTTP has not',
    ...checked({ type: 'HTTP', http: { expectStatus: ['2xx'] } }),
    path: 'spec.health.checks[0].http.expectStatus[0]',
    says: 'expected a status such as "200" or a range such as "200-299"',
  },
  {
    name: 'a selector of values that takes none',
    ...service({ nodeSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }),
    path: 'spec.nodeSelector.matchExpressions[0]',
    says: 'the operators In and NotIn need values, Exists and DoesNotExist take none',
  },
  {
    name: 'a selector of labels that cannot be',
    ...service({ nodeSelector: { matchLabels: { '-a': 'b' } } }),
    path: 'spec.nodeSelector.matchLabels["-a"]',
    says: 'expected a label key, such as app or example.org/app',
    server: { path: 'spec.nodeSelector.matchLabels' },
  },
  {
    name: 'an unknown sysctl',
    ...director({ sysctls: { conn_reuse_mod: '1' } }),
    path: 'spec.sysctls.conn_reuse_mod',
    says: 'not a known sysctl below net.ipv4.vs',
    server: UNKNOWN,
  },
  {
    name: 'a sysctl out of range',
    ...director({ sysctls: { drop_entry: '7' } }),
    path: 'spec.sysctls.drop_entry',
    says: 'expected a whole number from 0 to 3, in quotes',
  },
  {
    name: 'a sysctl that is a word',
    ...director({ sysctls: { conntrack: 'on' } }),
    path: 'spec.sysctls.conntrack',
    says: 'expected a whole number from 0 to 1, in quotes',
  },
  {
    name: 'a sysctl without quotes',
    ...director({ sysctls: { conntrack: 1 } }),
    path: 'spec.sysctls.conntrack',
    says: 'expected text',
    server: { says: 'must be of type string' },
  },
  {
    name: 'a number of ports that is no power of two',
    ...director({ sysctls: { sync_ports: '3' } }),
    path: 'spec.sysctls.sync_ports',
    says: 'expected "1", "2", "4", "8", "16", "32" or "64"',
  },
  ...['50 3', '3', '3 50 7'].map((value) => ({
    name: `${JSON.stringify(value)} for a threshold and its period`,
    ...director({ sysctls: { sync_threshold: value } }),
    path: 'spec.sysctls.sync_threshold',
    says: 'expected a threshold and a larger period, such as "3 50"',
  })),
  ...['10.0.0.1/16', '10.0.0.0', '10.0.0.0/33', '2001:DB8::/32', 'a/8'].map((range) => ({
    name: `${JSON.stringify(range)} for a range of addresses`,
    ...director({ allowedServerCIDRs: [range] }),
    path: 'spec.allowedServerCIDRs[0]',
    says: 'expected a range of addresses',
    server: OF_RANGE,
  })),
  ...['0', '9-3', '7-', '4294967296', 'seven'].map((marks) => ({
    name: `${JSON.stringify(marks)} for firewall marks`,
    ...director({ ownership: { exclusive: { firewallMarks: [marks] } } }),
    path: 'spec.ownership.exclusive.firewallMarks[0]',
    says: 'expected a firewall mark such as "7" or a range such as "1000-1999"',
  })),
  {
    name: 'a multicast group that is none',
    ...director({ syncDaemons: [{ role: 'Master', interface: 'eth0', syncId: 1, multicastGroup: '10.0.0.1' }] }),
    path: 'spec.syncDaemons[0].multicastGroup',
    says: 'expected a multicast address',
  },
  {
    name: 'an interface that Linux cannot have',
    ...director({ syncDaemons: [{ role: 'Master', interface: 'a b', syncId: 1 }] }),
    path: 'spec.syncDaemons[0].interface',
    says: 'expected the name of a network interface, such as eth0',
  },
  {
    name: 'a sync id that does not fit a byte',
    ...director({ syncDaemons: [{ role: 'Master', interface: 'eth0', syncId: 256 }] }),
    path: 'spec.syncDaemons[0].syncId',
    says: 'expected a whole number from 0 to 255',
    server: { says: 'should be less than or equal to 255' },
  },
  {
    name: 'two daemons of one role',
    ...director({ syncDaemons: [1, 2].map((syncId) => ({ role: 'Master', interface: 'eth0', syncId })) }),
    path: 'spec.syncDaemons[1]',
    says: 'is there already',
    server: { says: 'Duplicate value' },
  },
  {
    name: 'a timeout of nothing',
    ...director({ timeouts: { tcpSeconds: 0 } }),
    path: 'spec.timeouts.tcpSeconds',
    says: 'expected a whole number from 1 to 2678400',
    server: { says: 'should be greater than or equal to 1' },
  },
];
