import type { RealServer, ServiceKey, Tunnel } from '../../src/model/index.js';
import type { OperationCase } from './operation-case.js';
import {
  addServer,
  addService,
  deleteServer,
  editServer,
  makeServer,
  MARK,
  PERSISTENT,
  WEB,
  WEB_IPV6,
  WLC,
} from './samples.js';
import { INTERFACE } from './target.js';

const IPV6_SERVER = '2001:db8:1::1';
const tunnelled = { forwarding: 'Tunnel', tunnel: { type: 'IPIP' } } as const;

const withoutPort = { forwarding: 'Tunnel', tunnel: { type: 'GUE', port: 0, checksum: 'None' } } as const;

const TUNNELS: readonly (readonly [name: string, tunnel: Tunnel])[] = [
  ['an IPIP tunnel', { type: 'IPIP' }],
  ['a GUE tunnel', { type: 'GUE', port: 6080, checksum: 'None' }],
  ['a GUE tunnel with checksums', { type: 'GUE', port: 65535, checksum: 'Standard' }],
  ['a GUE tunnel with remote checksums', { type: 'GUE', port: 1, checksum: 'Remote' }],
  ['a GRE tunnel', { type: 'GRE', checksum: 'None' }],
  ['a GRE tunnel with checksums', { type: 'GRE', checksum: 'Standard' }],
];

/** Addresses that are no unicast address of anybody. */
const REFUSED_IPV4 = ['0.0.0.0', '127.255.255.255', '224.0.0.1', '239.1.2.3', '255.255.255.255'];
const REFUSED_IPV6 = ['::', '::ffff:10.0.0.1', 'ff02::1', 'ff0e::1', 'fe80::1'];
/** Addresses that look as odd and that the kernel takes. */
const TAKEN_IPV4 = ['0.0.0.1', '10.0.0.1', '127.0.0.1', '127.0.0.0', '240.0.0.1', '198.51.100.255'];
const TAKEN_IPV6 = ['::1', '::2', 'fc00::1', 'fec0::1', '64:ff9b::102:304'];

function adds(name: string, key: ServiceKey, server: Partial<RealServer>): OperationCase {
  return {
    name,
    given: [addService(key)],
    operation: addServer(key, server),
    outcome: 'Done',
    leaves: { services: [{ key, settings: WLC, servers: [makeServer(server)] }] },
  };
}

function edits(name: string, from: Partial<RealServer>, to: Partial<RealServer>): OperationCase {
  const other = { address: '192.168.0.2' };
  return {
    name,
    given: [addService(), addServer(WEB, from), addServer(WEB, other)],
    operation: editServer(WEB, to),
    outcome: 'Done',
    leaves: { services: [{ key: WEB, settings: WLC, servers: [makeServer(to), makeServer(other)] }] },
  };
}

function answers(code: 'ERANGE' | 'EINVAL', to: string, server: Partial<RealServer>): readonly OperationCase[] {
  return [
    {
      name: `answers ${code} to ${to}`,
      given: [addService()],
      operation: addServer(WEB, server),
      outcome: code,
    },
    {
      name: `answers ${code} to ${to}, and changes nothing`,
      given: [addService(), addServer(WEB)],
      operation: editServer(WEB, { weight: 5, ...server }),
      outcome: code,
    },
  ];
}

export const serverCases: readonly OperationCase[] = [
  adds('adds a masqueraded server', WEB, { port: 8080, weight: 7 }),
  adds('adds a server by direct routing', WEB, { forwarding: 'DirectRouting' }),
  adds('adds a local server', WEB, { forwarding: 'Local' }),
  adds('adds a bypassed server', WEB, { forwarding: 'Bypass' }),
  adds('adds an IPv6 server', WEB_IPV6, { address: IPV6_SERVER }),
  adds('adds a server on port 0 to a firewall mark', MARK, { port: 0 }),
  adds('keeps a port of a server of a firewall mark', MARK, { port: 8080 }),
  adds('keeps thresholds', WEB, { upperThreshold: 1000, lowerThreshold: 800 }),
  adds('keeps equal thresholds', WEB, { upperThreshold: 10, lowerThreshold: 10 }),
  adds('keeps a weight of 0', WEB, { weight: 0 }),
  adds('keeps the highest weight', WEB, { weight: 0x7fffffff }),
  ...TUNNELS.map(([name, tunnel]) => adds(`keeps ${name}`, WEB, { forwarding: 'Tunnel', tunnel })),
  adds('adds an IPv6 server to an IPv4 service through a tunnel', WEB, { address: IPV6_SERVER, ...tunnelled }),
  adds('adds an IPv4 server to an IPv6 service through a tunnel', WEB_IPV6, tunnelled),
  ...TAKEN_IPV4.map((address) => adds(`takes the address ${address}`, WEB, { address })),
  ...TAKEN_IPV6.map((address) => adds(`takes the address ${address}`, WEB_IPV6, { address })),
  {
    name: 'tells servers apart by their port',
    given: [addService(), addServer(WEB)],
    operation: addServer(WEB, { port: 81 }),
    outcome: 'Done',
    leaves: { services: [{ key: WEB, settings: WLC, servers: [makeServer(), makeServer({ port: 81 })] }] },
  },
  {
    name: 'adds a server that was deleted before with its new settings',
    given: [addService(), addServer(WEB, { weight: 5 }), deleteServer(WEB)],
    operation: addServer(WEB, { weight: 6, upperThreshold: 9 }),
    outcome: 'Done',
    leaves: {
      services: [{ key: WEB, settings: WLC, servers: [makeServer({ weight: 6, upperThreshold: 9 })] }],
    },
  },
  {
    name: 'adds a server to a service without scheduler',
    given: [addService(WEB, { scheduler: '', persistence: PERSISTENT })],
    operation: addServer(WEB),
    outcome: 'Done',
    leaves: {
      services: [{ key: WEB, settings: { ...WLC, scheduler: '', persistence: PERSISTENT }, servers: [makeServer()] }],
    },
  },
  { name: 'answers ESRCH where the service is missing', operation: addServer(WEB), outcome: 'ESRCH' },
  {
    name: 'answers EEXIST where the server exists, and keeps it as it is',
    given: [addService(), addServer(WEB)],
    operation: addServer(WEB, { weight: 9 }),
    outcome: 'EEXIST',
  },
  ...REFUSED_IPV4.map((address): OperationCase => ({
    name: `answers EINVAL to the address ${address}`,
    given: [addService()],
    operation: addServer(WEB, { address }),
    outcome: 'EINVAL',
  })),
  ...REFUSED_IPV6.map((address): OperationCase => ({
    name: `answers EINVAL to the address ${address}`,
    given: [addService(WEB_IPV6)],
    operation: addServer(WEB_IPV6, { address }),
    outcome: 'EINVAL',
  })),
  {
    name: 'answers EINVAL to a server of the other family while a sync daemon runs',
    given: [addService(), { kind: 'StartDaemon', daemon: { role: 'Backup', interface: INTERFACE, syncId: 1 } }],
    operation: addServer(WEB, { address: IPV6_SERVER, ...tunnelled }),
    outcome: 'EINVAL',
  },

  ...answers('ERANGE', 'a weight below 0', { weight: -1 }),
  ...answers('ERANGE', 'a lower threshold above the upper one', { upperThreshold: 10, lowerThreshold: 11 }),
  ...answers('ERANGE', 'a lower threshold without an upper one', { upperThreshold: 0, lowerThreshold: 1 }),
  ...answers('EINVAL', 'a GUE tunnel without port', withoutPort),
  {
    name: 'answers ESRCH where the service is missing, whatever is wrong with the server',
    operation: addServer(WEB, { ...withoutPort, weight: -1 }),
    outcome: 'ESRCH',
  },
  {
    name: 'answers EINVAL to a server of the other family without a tunnel',
    given: [addService()],
    operation: addServer(WEB, { address: IPV6_SERVER }),
    outcome: 'EINVAL',
  },
  {
    name: 'answers EINVAL to taking the tunnel from a server of the other family',
    given: [addService(), addServer(WEB, { address: IPV6_SERVER, ...tunnelled })],
    operation: editServer(WEB, { address: IPV6_SERVER, forwarding: 'DirectRouting' }),
    outcome: 'EINVAL',
  },

  edits('changes the weight of one server alone', {}, { weight: 0 }),
  edits('changes the forwarding method', {}, { forwarding: 'DirectRouting' }),
  edits('changes the thresholds', {}, { upperThreshold: 100, lowerThreshold: 50 }),
  edits('removes the thresholds', { upperThreshold: 100, lowerThreshold: 50 }, {}),
  edits('changes the tunnel', tunnelled, { forwarding: 'Tunnel', tunnel: { type: 'GRE', checksum: 'Standard' } }),
  edits('takes a tunnel back to IPIP', { forwarding: 'Tunnel', tunnel: { type: 'GRE', checksum: 'None' } }, tunnelled),
  edits('changes nothing where nothing differs', { weight: 3 }, { weight: 3 }),
  { name: 'answers ESRCH where the service is missing', operation: editServer(WEB), outcome: 'ESRCH' },
  {
    name: 'answers ENOENT where the server is missing',
    given: [addService(), addServer(WEB)],
    operation: editServer(WEB, { port: 81 }),
    outcome: 'ENOENT',
  },

  {
    name: 'deletes one server',
    given: [addService(), addServer(WEB), addServer(WEB, { port: 81 })],
    operation: deleteServer(WEB),
    outcome: 'Done',
    leaves: { services: [{ key: WEB, settings: WLC, servers: [makeServer({ port: 81 })] }] },
  },
  { name: 'answers ESRCH where the service is missing', operation: deleteServer(WEB), outcome: 'ESRCH' },
  {
    name: 'answers ENOENT where the server is missing',
    given: [addService(), addServer(WEB), deleteServer(WEB)],
    operation: deleteServer(WEB),
    outcome: 'ENOENT',
  },
];
