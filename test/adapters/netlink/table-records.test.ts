import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressTexts } from '../../../src/adapters/netlink/address-bytes.js';
import { OperationPacker } from '../../../src/adapters/netlink/operation-packer.js';
import { MISSING, OPERATION, SERVER, SERVICE } from '../../../src/adapters/netlink/record-layout.js';
import { recordMemory } from '../../../src/adapters/netlink/record-memory.js';
import { ServerLists } from '../../../src/adapters/netlink/server-lists.js';
import {
  makeServerMemory,
  OBSERVED_SHAPE,
  PLAIN_SHAPE,
  unpackServices,
} from '../../../src/adapters/netlink/table-records.js';
import type { Reading, TableShape } from '../../../src/adapters/netlink/table-records.js';
import { NO_CONNECTIONS, NO_STATISTICS, serviceKeyText } from '../../../src/model/index.js';
import type {
  KernelService,
  ObservedRealServer,
  RealServer,
  ServiceKey,
  ServiceSettings,
} from '../../../src/model/index.js';
import { DNS, makeServer, SETTINGS, WEB } from './samples.js';

/**
 * A chunk as the addon writes it, made of the records that it is given: keys, settings and servers look alike both ways.
 */
function makeChunk(
  shape: { serviceSize: number; serverSize: number },
  services: readonly KernelService[],
): Uint8Array<ArrayBuffer> {
  return join(
    services.flatMap(({ key, settings, servers }) => [
      makeService(shape.serviceSize, key, settings, servers.length),
      ...servers.map((server) =>
        makeRecord(shape.serverSize, [[subjectOf({ kind: 'AddServer', key, server }, SERVER.size), 0]]),
      ),
    ]),
  );
}

function makeService(size: number, key: ServiceKey, settings: ServiceSettings, count: number): Uint8Array {
  const operation = pack({ kind: 'AddService', key, settings });
  const record = makeRecord(size, [
    [operation.subarray(OPERATION.key, OPERATION.subject), SERVICE.key],
    [operation.subarray(OPERATION.subject), SERVICE.settings],
  ]);
  new DataView(record.buffer).setUint32(SERVICE.serverCount, count, true);
  return record;
}

function makeRecord(size: number, parts: readonly (readonly [Uint8Array, number])[]): Uint8Array {
  const record = new Uint8Array(size);
  for (const [part, at] of parts) record.set(part, at);
  return record;
}

function pack(operation: Parameters<OperationPacker['add']>[0]): Uint8Array {
  const packer = new OperationPacker(1);
  expect(packer.add(operation)).toBeUndefined();
  return packer.bytes;
}

function subjectOf(operation: Parameters<OperationPacker['add']>[0], size: number): Uint8Array {
  return pack(operation).subarray(OPERATION.subject, OPERATION.subject + size);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function unpack<Service, Server>(
  chunk: Uint8Array<ArrayBuffer>,
  shape: TableShape<Service, Server>,
): (Reading<Service> | undefined)[] {
  const records = { ...recordMemory(chunk.buffer), addresses: new AddressTexts(), servers: makeServerMemory() };
  return [...unpackServices(records, shape, new ServerLists<Server>())];
}

function serviceOf(changes: Partial<KernelService>): KernelService {
  return { key: WEB, settings: SETTINGS, servers: [], ...changes };
}

function readBack(service: KernelService): KernelService | undefined {
  return unpack(makeChunk(PLAIN_SHAPE, [service]), PLAIN_SHAPE)[0]?.service;
}

describe('A service comes back', () => {
  test.each<[string, Partial<KernelService>]>([
    ['plain', {}],
    ['of IPv6', { key: DNS }],
    ['by firewall mark', { key: { firewallMark: 0xffffffff, family: 'IPv6' } }],
    ['without a scheduler', { settings: { ...SETTINGS, scheduler: '' } }],
    ['with an engine and without persistence', { settings: { ...SETTINGS, strayEngine: 'sip' } }],
    ['with flags', { settings: { ...SETTINGS, scheduler: 'mh', schedulerFlags: 5, onePacketScheduling: true } }],
    [
      'persistent, with a netmask that has holes',
      { settings: { ...SETTINGS, persistence: { timeoutSeconds: 0xffffffff, netmask: '255.0.255.1', engine: 'sip' } } },
    ],
    [
      'persistent, with a prefix length',
      { key: DNS, settings: { ...SETTINGS, persistence: { timeoutSeconds: 1, netmask: '64', engine: '' } } },
    ],
  ])('%s', (_, changes) => {
    expect(readBack(serviceOf(changes))).toEqual(serviceOf(changes));
  });
});

test('Servers come back as they are, whatever servers of the same address came before', () => {
  const server = fc.record({
    port: fc.constantFrom(80, 8080),
    weight: fc.constantFrom(0, 1),
    forwarding: fc.constantFrom('Masquerade' as const, 'DirectRouting' as const),
    upperThreshold: fc.constantFrom(0, 9),
    lowerThreshold: fc.constantFrom(0, 5),
  });
  fc.assert(
    fc.property(fc.array(server, { maxLength: 8 }), (changes) => {
      const servers = changes.map((change) => makeServer(change));
      const service = serviceOf({ servers });
      expect(readBack(service)).toEqual(service);
      const observed = { ...service, statistics: NO_STATISTICS, servers: servers.map(idle) };
      expect(unpack(makeChunk(OBSERVED_SHAPE, [observed]), OBSERVED_SHAPE)[0]?.service).toEqual(observed);
    }),
  );
});

test('Services with the same servers share them, and no others do', () => {
  const [one, two, heavy] = [makeServer({}), makeServer({ address: '10.1.0.2' }), makeServer({ weight: 7 })];
  const lists = [[one, two], [one], [one, two], [heavy, two], [], [one, two], [one], []];
  const services = lists.map((servers, i) => serviceOf({ key: { ...WEB, port: i + 1 }, servers }));
  const read = unpack(makeChunk(PLAIN_SHAPE, services), PLAIN_SHAPE).map((reading) => reading?.service);
  expect(read).toEqual(services);
  expect(read[2]?.servers).toBe(read[0]?.servers);
  expect(read[6]?.servers).toBe(read[1]?.servers);
});

test('Idle servers and busy ones are told apart', () => {
  const services = [1, 2, 3].map((port) => serviceOf({ key: { ...WEB, port }, servers: [makeServer(), makeServer()] }));
  const chunk = makeChunk(OBSERVED_SHAPE, services);
  const { serviceSize, serverSize } = OBSERVED_SHAPE;
  const second = serviceSize + 2 * serverSize;
  chunk[second + serviceSize + serverSize + SERVER.active] = 5;
  const read = unpack(chunk, OBSERVED_SHAPE).flatMap((reading) => reading?.service ?? []);
  const active = read.map(({ servers }) => servers.map(({ connections }) => connections.active));
  expect(active).toEqual([
    [0, 0],
    [0, 5],
    [0, 0],
  ]);
});

function idle(server: RealServer): ObservedRealServer {
  return { ...server, connections: NO_CONNECTIONS, statistics: NO_STATISTICS };
}

describe('A server comes back', () => {
  test.each<[string, Partial<RealServer>]>([
    ['plain', {}],
    [
      'with the highest numbers',
      { weight: 0x7fffffff, upperThreshold: 0xffffffff, lowerThreshold: 0xfffffffe, port: 65535 },
    ],
    ['with a weight below zero, where there is one', { weight: -1 }],
    ['of the other family', { address: '2001:db8::9', forwarding: 'Tunnel', tunnel: { type: 'IPIP' } }],
    ['with GUE', { forwarding: 'Tunnel', tunnel: { type: 'GUE', port: 6080, checksum: 'Remote' } }],
    ['with GRE', { forwarding: 'Tunnel', tunnel: { type: 'GRE', checksum: 'Standard' } }],
    ['local', { forwarding: 'Local' }],
    ['bypassed', { forwarding: 'Bypass' }],
  ])('%s', (_, changes) => {
    const service = serviceOf({ servers: [makeServer(changes)] });
    expect(readBack(service)).toEqual(service);
  });
});

describe('What no other program should write is read all the same', () => {
  const chunk = makeChunk(PLAIN_SHAPE, [serviceOf({ servers: [makeServer()] })]);
  const changed = (at: number, value: number): RealServer | undefined => {
    const bytes = chunk.slice();
    bytes[SERVICE.size + at] = value;
    return unpack(bytes, PLAIN_SHAPE)[0]?.service?.servers[0];
  };

  test.each([5, 6, 7])('the forwarding method %i', (number) => {
    expect(changed(SERVER.forwarding, number)).toEqual(makeServer({ forwarding: 'Bypass' }));
  });

  test('an unknown tunnel beside masquerading', () => {
    expect(changed(SERVER.tunnelType, 9)).toEqual(makeServer());
  });
});

test('Services and missing ones come in the order of the records', () => {
  const chunk = join([
    makeChunk(PLAIN_SHAPE, [serviceOf({ servers: [makeServer(), makeServer({ port: 1 })] })]),
    makeService(PLAIN_SHAPE.serviceSize, DNS, SETTINGS, MISSING),
    makeChunk(PLAIN_SHAPE, [serviceOf({ key: { ...WEB, port: 81 } })]),
  ]);
  const readings = unpack(chunk, PLAIN_SHAPE);
  expect(readings.map((reading) => reading?.text)).toEqual([WEB, DNS, { ...WEB, port: 81 }].map(serviceKeyText));
  expect(readings.map((reading) => reading?.service?.servers.length)).toEqual([2, undefined, 0]);
});

test('A service with many servers has places to pause at, and all of them', () => {
  const servers = Array.from({ length: 1700 }, (_, port) => makeServer({ port }));
  const readings = unpack(makeChunk(PLAIN_SHAPE, [serviceOf({ servers })]), PLAIN_SHAPE);
  expect(readings.filter((reading) => reading === undefined).length).toBeGreaterThan(1);
  expect(readings.at(-1)?.service?.servers).toEqual(servers);
});

test('Counters come back where they were asked for', () => {
  const chunk = makeChunk(OBSERVED_SHAPE, [serviceOf({ servers: [makeServer()] })]);
  const view = new DataView(chunk.buffer);
  view.setBigUint64(SERVICE.statistics, 2n ** 53n, true);
  view.setBigUint64(SERVICE.statistics + 72, 10n, true);
  view.setUint32(OBSERVED_SHAPE.serviceSize + SERVER.inactive, 7, true);
  view.setBigUint64(OBSERVED_SHAPE.serviceSize + SERVER.statistics + 24, 0xffffffffn, true);
  const [reading] = unpack(chunk, OBSERVED_SHAPE);
  expect(reading?.service?.statistics).toMatchObject({ connections: 2 ** 53, outgoingBytesPerSecond: 10 });
  expect(reading?.service?.servers[0]).toMatchObject({
    ...makeServer(),
    connections: { active: 0, inactive: 7, persistent: 0 },
    statistics: { incomingBytes: 0xffffffff },
  });
});
