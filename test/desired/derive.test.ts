import { expect, test } from 'vitest';
import { deriveWanted, readDocuments } from '../../src/desired/index.js';
import type { DeriveResult } from '../../src/desired/index.js';
import { makeServer } from '../samples.js';

const HEAD = '---\napiVersion: ipvs-operator.io/v1alpha1\n';

function service(name: string, spec: string): string {
  return `${HEAD}kind: VirtualService\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

function director(spec: string, name = 'edge'): string {
  return `${HEAD}kind: Director\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

async function derive(...texts: readonly string[]): Promise<DeriveResult> {
  const { documents, issues } = await readDocuments('a.yaml', texts.join(''));
  expect(issues).toEqual([]);
  return deriveWanted(documents);
}

async function issuesOf(...texts: readonly string[]): Promise<readonly string[]> {
  const { issues } = await derive(...texts);
  return issues.map(({ location, reason, path, message, object }) => {
    return `${String(location?.line)} ${reason} ${String(object)} ${path}: ${message}`;
  });
}

const NAT = makeServer();

test('every address with every port is a kernel service, and servers join their own family', async () => {
  const { wanted } = await derive(
    service(
      'web',
      '{addresses: [10.0.0.1, "fd00::1"], ports: [{port: 80, targetPort: 8080}, {port: 53, protocol: UDP}], realServers: [{address: 192.168.0.1}, {address: "fd00::2", state: Drain, weight: 3}]}',
    ),
  );
  const ipv6 = { ...NAT, address: 'fd00::2', weight: 0 };
  expect([...wanted.services].map(([key, { servers }]) => [key, servers])).toEqual([
    ['TCP 10.0.0.1:80', [NAT]],
    ['UDP 10.0.0.1:53', [{ ...NAT, port: 53 }]],
    ['TCP [fd00::1]:80', [ipv6]],
    ['UDP [fd00::1]:53', [{ ...ipv6, port: 53 }]],
  ]);
});

test('what is absent has its default', async () => {
  const { wanted } = await derive(service('web', '{addresses: [10.0.0.1], ports: [{port: 80}], persistence: {}}'));
  expect(wanted.services.get('TCP 10.0.0.1:80')).toEqual({
    key: { protocol: 'TCP', address: '10.0.0.1', port: 80 },
    settings: {
      scheduler: 'wlc',
      schedulerFlags: 0,
      onePacketScheduling: false,
      persistence: { timeoutSeconds: 300, netmask: '255.255.255.255', engine: '' },
    },
    servers: [],
    object: 'VirtualService default/web',
  });
});

test('a firewall mark is one service for each of its families, IPv4 where none is said', async () => {
  const one = await derive(service('a', '{firewallMark: {value: 7}, realServers: [{address: 192.168.0.1}]}'));
  expect([...one.wanted.services.keys()]).toEqual(['FWM 7']);
  expect(one.wanted.services.get('FWM 7')?.servers).toEqual([{ ...NAT, port: 0 }]);
  const both = await derive(service('a', '{firewallMark: {value: 7, addressFamilies: [IPv6, IPv4]}}'));
  expect([...both.wanted.services.keys()]).toEqual(['FWM 7', 'FWM 7 IPv6']);
});

test('a server of the other family joins through a tunnel', async () => {
  const { wanted } = await derive(
    service(
      'a',
      '{addresses: ["fd00::1"], ports: [{port: 80}], realServers: [{address: 192.168.0.1, crossFamily: true, forwarding: {method: Tunnel, tunnel: {type: GUE, gue: {port: 6080}}}}]}',
    ),
  );
  const tunnel = { type: 'GUE', port: 6080, checksum: 'None' };
  expect(wanted.services.get('TCP [fd00::1]:80')?.servers).toEqual([
    { ...NAT, port: 80, forwarding: 'Tunnel', tunnel },
  ]);
});

test('the keys of a suspended object are nobody else’s, and not wanted', async () => {
  const { wanted } = await derive(service('a', '{addresses: [10.0.0.1], ports: [{port: 80}], suspend: true}'));
  expect(wanted.services.size).toBe(0);
  expect([...wanted.suspended]).toEqual([['TCP 10.0.0.1:80', 'VirtualService default/a']]);
  expect([...wanted.objects]).toEqual(['VirtualService default/a']);
});

const FRONT = '{addresses: [10.0.0.1], ports: [{port: 80}]';

test('a key that two objects claim is an issue that names both and where they are', async () => {
  expect(await issuesOf(service('a', `${FRONT}}`), service('b', `${FRONT}, suspend: true}`))).toEqual([
    '10 Conflict VirtualService default/b spec.addresses[0]: TCP 10.0.0.1:80 of VirtualService default/b is claimed by VirtualService default/a already (a.yaml:5:20)',
  ]);
});

test('an object that is declared twice is an issue, and no more', async () => {
  expect(await issuesOf(service('a', `${FRONT}}`), service('a', `${FRONT}}`))).toEqual([
    '9 Duplicate VirtualService default/a metadata.name: VirtualService default/a is declared already (a.yaml:4:18)',
  ]);
});

test('a second Director is an issue', async () => {
  expect(await issuesOf(director('{}'), director('{}', 'other'))).toEqual([
    '9 Conflict Director other metadata.name: one director is described by one Director, and that is Director edge (a.yaml:4:18)',
  ]);
});

test('what a Director forbids is an issue where it is declared', async () => {
  const service1 = service('a', `${FRONT}, realServers: [{address: 192.168.0.1}]}`);
  const selector = 'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}';
  expect(await issuesOf(service1, director(`{allowedAddresses: [{cidrs: [10.0.0.0/8], ${selector}}]}`))).toEqual([
    '5 NotAllowed VirtualService default/a spec.addresses[0]: 10.0.0.1 is none of what the namespace default may claim by the allowedAddresses of Director edge (a.yaml:10:7)',
  ]);
  expect(await issuesOf(service1, director('{allowedAddresses: [{cidrs: [10.0.0.0/8]}]}'))).toEqual([]);
  expect(await issuesOf(service1, director('{allowedServerCIDRs: [172.16.0.0/12]}'))).toEqual([
    '5 NotAllowed VirtualService default/a spec.realServers[0].address: 192.168.0.1 is in none of the allowedServerCIDRs of Director edge (a.yaml:10:7)',
  ]);
});

test('endpoint slices are for clusters', async () => {
  const [issue] = await issuesOf(service('a', `${FRONT}, realServersFrom: [{endpointSlices: {serviceName: web}}]}`));
  expect(issue).toMatch(/^5 Inconsistent VirtualService default\/a spec\.realServersFrom\[0\]\.endpointSlices: /);
});

test('a Director becomes what the kernel shall have', async () => {
  const { wanted } = await derive(
    director(
      '{timeouts: {tcpSeconds: 1800}, syncDaemons: [{role: Master, interface: eth0, syncId: 51}, {role: Backup, interface: eth0, syncId: 51, runWhile: Follower}], sysctls: {sync_threshold: "3 50"}, ownership: {adoption: Always, exclusive: {cidrs: [10.0.0.0/16], firewallMarks: ["7", "1000-1999"]}}}',
    ),
  );
  expect(wanted.director).toEqual({
    object: 'Director edge',
    timeouts: { tcpSeconds: 1800 },
    daemons: [{ role: 'Master', interface: 'eth0', syncId: 51 }],
    sysctls: { sync_threshold: '3\t50' },
    adopt: true,
    exclusive: {
      prefixes: [{ address: '10.0.0.0', length: 16 }],
      firewallMarks: [
        { first: 7, last: 7 },
        { first: 1000, last: 1999 },
      ],
    },
  });
});

test('what has no effect in a single pass is said once, with the objects that declare it', async () => {
  const texts = Array.from({ length: 7 }, (_, i) =>
    service(`s${i}`, `{addresses: [10.0.0.${i}], ports: [{port: 80}], drain: {timeoutSeconds: 30}}`),
  );
  const { notices } = await derive(...texts, director('{nodeSelector: {}}'));
  expect(notices.map(({ feature, total, message }) => [feature, total, message])).toEqual([
    [
      'Drain',
      7,
      'drains are for run: here removed servers go at once (VirtualService default/s0, VirtualService default/s1, VirtualService default/s2, VirtualService default/s3, VirtualService default/s4 and 2 more)',
    ],
    [
      'NodeSelector',
      1,
      'the labels of this node are not known (--node-labels tells them): every object applies, whatever its nodeSelector (Director edge)',
    ],
  ]);
});

test('schedulers that refuse clients of servers with weight 0 are named, where a server may get it', async () => {
  const front = (i: number, rest: string) =>
    service(`s${i}`, `{addresses: [10.0.0.${i}], ports: [{port: 80}], ${rest}}`);
  const noticed = [
    front(1, 'scheduler: sh, realServers: [{address: 192.168.0.1, state: Drain}]'),
    front(2, 'scheduler: mh, schedulerFlags: [mh-port], realServers: [{address: 192.168.0.1, weight: 0}]'),
    front(3, 'scheduler: sh, health: {checks: [{name: tcp, type: TCP}], onFailure: ZeroWeight}'),
    front(4, 'scheduler: mh, drain: {timeoutSeconds: 30}'),
  ];
  const others = [
    front(5, 'scheduler: sh, realServers: [{address: 192.168.0.1}], health: {checks: [{name: tcp, type: TCP}]}'),
    front(6, 'scheduler: sh, schedulerFlags: [sh-fallback], realServers: [{address: 192.168.0.1, state: Drain}]'),
    front(7, 'drain: {timeoutSeconds: 30}'),
  ];
  const { notices } = await derive(...noticed, ...others);
  const notice = notices.find(({ feature }) => feature === 'Fallback');
  expect(notice?.objects).toEqual([1, 2, 3, 4].map((i) => `VirtualService default/s${i}`));
  expect(notice?.message).toMatch(/^sh and mh go on choosing servers that get weight 0, .*mh-fallback.* \(/);
});
