import { describe, expect, test } from 'vitest';
import { OperationPacker, packKeys } from '../../../src/adapters/netlink/operation-packer.js';
import type { KernelOperation } from '../../../src/adapters/netlink/operation-packer.js';
import { OPERATION } from '../../../src/adapters/netlink/record-layout.js';
import type { Persistence, ServiceKey, SyncDaemon } from '../../../src/model/index.js';
import { makeServer, SETTINGS, WEB } from './samples.js';

function refusalOf(operation: KernelOperation): string | undefined {
  const packer = new OperationPacker(1);
  const refusal = packer.add(operation);
  expect(packer.count).toBe(refusal === undefined ? 1 : 0);
  return refusal;
}

function addService(key: unknown, settings: object = {}): KernelOperation {
  return { kind: 'AddService', key: key as ServiceKey, settings: { ...SETTINGS, ...settings } };
}

function addServer(changes: object): KernelOperation {
  return { kind: 'AddServer', key: WEB, server: { ...makeServer(), ...changes } };
}

function startDaemon(changes: object): KernelOperation {
  const daemon = { role: 'Master', interface: 'eth0', syncId: 1, ...changes };
  return { kind: 'StartDaemon', daemon: daemon as SyncDaemon };
}

const persistence: Persistence = { timeoutSeconds: 300, netmask: '255.255.255.0', engine: '' };
const tunnel = (of: unknown): object => ({ forwarding: 'Tunnel', tunnel: of });

describe('What the kernel would not check is refused', () => {
  test.each<[string, KernelOperation]>([
    ['a protocol', addService({ ...WEB, protocol: 'ICMP' })],
    ['a protocol that every object has', addService({ ...WEB, protocol: 'toString' })],
    ['a port', addService({ ...WEB, port: 65536 })],
    ['a port that is text', addService({ ...WEB, port: '80' })],
    ['an address', addService({ ...WEB, address: '10.0.0' })],
    ['a mark of 0', addService({ firewallMark: 0, family: 'IPv4' })],
    ['a mark of 33 bits', addService({ firewallMark: 0x1_0000_0000, family: 'IPv4' })],
    ['a scheduler of 16 characters', addService(WEB, { scheduler: 'abcdefghijklmnop' })],
    ['a scheduler with a NUL', addService(WEB, { scheduler: 'wlc\0x' })],
    ['a scheduler beyond ASCII', addService(WEB, { scheduler: 'wlç' })],
    ['scheduler flags', addService(WEB, { schedulerFlags: 8 })],
    ['an endless persistence', addService(WEB, { persistence: { ...persistence, timeoutSeconds: Infinity } })],
    ['a netmask of the other family', addService(WEB, { persistence: { ...persistence, netmask: '24' } })],
    ['a forwarding method', addServer({ forwarding: 'NAT' })],
    ['half a weight', addServer({ weight: 0.5 })],
    ['no weight', addServer({ weight: NaN })],
    ['a weight of 33 bits', addServer({ weight: 0x8000_0000 })],
    ['a threshold below zero', addServer({ upperThreshold: -1 })],
    ['a tunnel beside masquerading', addServer({ tunnel: { type: 'IPIP' } })],
    ['tunnelling without a tunnel', addServer(tunnel(null))],
    ['a tunnel type', addServer(tunnel({ type: 'VXLAN' }))],
    ['a GUE port', addServer(tunnel({ type: 'GUE', port: 70000, checksum: 'None' }))],
    ['a checksum', addServer(tunnel({ type: 'GUE', port: 6080, checksum: 'Full' }))],
    ['a checksum that GRE has not', addServer(tunnel({ type: 'GRE', checksum: 'Remote' }))],
    ['a role', startDaemon({ role: 'Leader' })],
    ['a sync id', startDaemon({ syncId: 256 })],
    ['an interface', startDaemon({ interface: 'an-interface-too-long' })],
    ['a group', startDaemon({ multicastGroup: 'all' })],
    ['a timeout', { kind: 'SetTimeouts', timeouts: { tcpSeconds: -1, tcpFinSeconds: 0, udpSeconds: 0 } }],
  ])('%s', (_, operation) => {
    expect(refusalOf(operation)).toBeTypeOf('string');
  });
});

describe('What the kernel checks itself is sent', () => {
  test.each<[string, KernelOperation]>([
    ['a negative weight', addServer({ weight: -1 })],
    ['a lower threshold above the upper one', addServer({ upperThreshold: 1, lowerThreshold: 2 })],
    ['a scheduler that it may not have', addService(WEB, { scheduler: 'nosuch' })],
    ['a netmask with holes', addService(WEB, { persistence: { ...persistence, netmask: '255.0.255.0' } })],
    ['a multicast address of a server', addServer({ address: '224.0.0.1' })],
  ])('%s', (_, operation) => {
    expect(refusalOf(operation)).toBeUndefined();
  });
});

describe('A packer', () => {
  const operation = addServer({});
  const packed = (operations: readonly KernelOperation[]): readonly Uint8Array[] => {
    const packer = new OperationPacker(operations.length);
    for (const each of operations) packer.add(each);
    return Array.from({ length: packer.count }, (_, i) =>
      packer.bytes.slice(i * OPERATION.size, (i + 1) * OPERATION.size),
    );
  };

  test('packs a shared key as often as it comes', () => {
    const [first, second, third] = packed([operation, operation, addServer({})]);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  });

  test('leaves nothing behind of a refused operation', () => {
    const mark = addService({ firewallMark: 7, family: 'IPv6' });
    const refused = addServer({ weight: NaN });
    expect(packed([refused, mark, refused, operation, refused])).toEqual(packed([mark, operation]));
  });

  test('starts afresh when it is cleared', () => {
    const packer = new OperationPacker(2);
    packer.add(startDaemon({ multicastGroup: 'ff02::81' }));
    packer.add(operation);
    packer.clear();
    expect(packer.count).toBe(0);
    packer.add(operation);
    expect([packer.bytes]).toEqual(packed([operation]));
  });
});

test('Keys that the kernel cannot have are a RangeError', () => {
  expect(packKeys([WEB, { firewallMark: 1, family: 'IPv4' }])).toHaveLength(48);
  expect(() => packKeys([{ ...WEB, port: -1 }])).toThrow(RangeError);
});
