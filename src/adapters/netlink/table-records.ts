import { IPIP } from '../../model/index.js';
import type {
  ConnectionCounts,
  ForwardingMethod,
  KernelService,
  ObservedRealServer,
  ObservedService,
  Persistence,
  RealServer,
  ServiceKey,
  ServiceSettings,
  Statistics,
  Tunnel,
} from '../../model/index.js';
import type { AddressTexts } from './address-bytes.js';
import { FORWARDING_NUMBERS, PROTOCOL_NUMBERS, wordOf } from './kernel-numbers.js';
import {
  KEY,
  MISSING,
  NAME_SIZE,
  SERVER,
  SERVICE,
  SERVICE_FLAGS,
  SETTINGS,
  STATISTICS_SIZE,
  TUNNEL_FLAGS,
} from './record-layout.js';

/** Records and what is needed to read them. */
export interface Records {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly addresses: AddressTexts;
}

/** One service as read. */
export interface Reading<Service> {
  readonly key: ServiceKey;
  /** Absent: there is no such service. */
  readonly service: Service | undefined;
}

/** How much a read brings of each service and server, and what becomes of it. */
export interface TableShape<Service, Server> {
  readonly counters: boolean;
  readonly serviceSize: number;
  readonly serverSize: number;
  readServer(records: Records, at: number): Server;
  readService(records: Records, at: number, key: ServiceKey, servers: readonly Server[]): Service;
}

export const PLAIN_SHAPE: TableShape<KernelService, RealServer> = {
  counters: false,
  serviceSize: SERVICE.size,
  serverSize: SERVER.size,
  readServer,
  readService: (records, at, key, servers) => ({
    key,
    settings: readSettings(records, at + SERVICE.settings, familyOf(records, at)),
    servers,
  }),
};

export const OBSERVED_SHAPE: TableShape<ObservedService, ObservedRealServer> = {
  counters: true,
  serviceSize: SERVICE.statistics + STATISTICS_SIZE,
  serverSize: SERVER.statistics + STATISTICS_SIZE,
  readServer: readObservedServer,
  readService: (records, at, key, servers) => ({
    key,
    settings: readSettings(records, at + SERVICE.settings, familyOf(records, at)),
    servers,
    statistics: readStatistics(records, at + SERVICE.statistics),
  }),
};

/** A service may have any number of servers: so many are unpacked before there is a pause. */
const SERVERS_PER_STEP = 500;

/** Unpacks a chunk of whole services, one at a time. `undefined` is only a place to pause at, within a large one. */
export function* unpackServices<Service, Server>(
  records: Records,
  shape: TableShape<Service, Server>,
): Generator<Reading<Service> | undefined> {
  for (let at = 0; at < records.bytes.length;) {
    const start = at;
    const key = readKey(records, start + SERVICE.key);
    const count = records.view.getUint32(start + SERVICE.serverCount, true);
    at += shape.serviceSize;
    if (count === MISSING) {
      yield { key, service: undefined };
      continue;
    }
    const servers: Server[] = [];
    for (let i = 0; i < count; i++) {
      servers.push(shape.readServer(records, at));
      at += shape.serverSize;
      if (i % SERVERS_PER_STEP === SERVERS_PER_STEP - 1) yield undefined;
    }
    yield { key, service: shape.readService(records, start, key, servers) };
  }
}

function familyOf(records: Records, at: number): number {
  return records.bytes[at + SERVICE.key + KEY.family] ?? 0;
}

function readKey({ view, bytes, addresses }: Records, at: number): ServiceKey {
  const family = view.getUint8(at + KEY.family);
  const firewallMark = view.getUint32(at + KEY.mark, true);
  if (firewallMark !== 0) return { firewallMark, family: family === 6 ? 'IPv6' : 'IPv4' };
  return {
    // The kernel makes services of these three only.
    protocol: wordOf(PROTOCOL_NUMBERS, view.getUint8(at + KEY.protocol)) ?? 'TCP',
    address: addresses.read(family, bytes, at + KEY.address),
    port: view.getUint16(at + KEY.port, true),
  };
}

function readSettings(records: Records, at: number, family: number): ServiceSettings {
  const { view } = records;
  const flags = view.getUint32(at + SETTINGS.flags, true);
  const scheduler = readName(records.bytes, at + SETTINGS.scheduler);
  return {
    scheduler: scheduler === 'none' ? '' : scheduler,
    schedulerFlags: (flags >> SERVICE_FLAGS.schedulerShift) & SERVICE_FLAGS.schedulerMask,
    onePacketScheduling: (flags & SERVICE_FLAGS.onePacket) !== 0,
    persistence: (flags & SERVICE_FLAGS.persistent) === 0 ? null : readPersistence(records, at, family),
  };
}

function readPersistence({ view, bytes }: Records, at: number, family: number): Persistence {
  const netmask = view.getUint32(at + SETTINGS.netmask, true);
  return {
    timeoutSeconds: view.getUint32(at + SETTINGS.timeout, true),
    netmask: family === 6 ? String(netmask) : netmaskText(netmask),
    engine: readName(bytes, at + SETTINGS.engine),
  };
}

function netmaskText(mask: number): string {
  return `${mask >>> 24}.${(mask >>> 16) & 0xff}.${(mask >>> 8) & 0xff}.${mask & 0xff}`;
}

function readServer({ view, bytes, addresses }: Records, at: number): RealServer {
  const forwarding = readForwarding(view.getUint8(at + SERVER.forwarding));
  return {
    address: addresses.read(view.getUint8(at + SERVER.family), bytes, at + SERVER.address),
    port: view.getUint16(at + SERVER.port, true),
    forwarding,
    tunnel: forwarding === 'Tunnel' ? readTunnel(view, at) : null,
    weight: view.getInt32(at + SERVER.weight, true),
    upperThreshold: view.getUint32(at + SERVER.upper, true),
    lowerThreshold: view.getUint32(at + SERVER.lower, true),
  };
}

/** Written out, not spread from the one above: that takes five times as long, and there are 100,000 of them. */
function readObservedServer(records: Records, at: number): ObservedRealServer {
  const { address, port, forwarding, tunnel, weight, upperThreshold, lowerThreshold } = readServer(records, at);
  return {
    address,
    port,
    forwarding,
    tunnel,
    weight,
    upperThreshold,
    lowerThreshold,
    connections: readConnections(records, at),
    statistics: readStatistics(records, at + SERVER.statistics),
  };
}

/** The kernel stores 5 to 7 too, and forwards nothing then. Nobody declares Bypass: it is never taken for right. */
function readForwarding(number: number): ForwardingMethod {
  return FORWARDING_WORDS[number] ?? 'Bypass';
}

const FORWARDING_WORDS = [0, 1, 2, 3, 4].map((number) => wordOf(FORWARDING_NUMBERS, number));

/** A type that this program does not know is shown as the plainest one. */
function readTunnel(view: DataView, at: number): Tunnel {
  const flags = view.getUint16(at + SERVER.tunnelFlags, true);
  switch (view.getUint8(at + SERVER.tunnelType)) {
    case 1:
      return {
        type: 'GUE',
        port: view.getUint16(at + SERVER.tunnelPort, true),
        checksum: flags & TUNNEL_FLAGS.Remote ? 'Remote' : flags & TUNNEL_FLAGS.Standard ? 'Standard' : 'None',
      };
    case 2:
      return { type: 'GRE', checksum: flags & TUNNEL_FLAGS.Standard ? 'Standard' : 'None' };
    default:
      return IPIP;
  }
}

function readConnections({ view }: Records, at: number): ConnectionCounts {
  return {
    active: view.getUint32(at + SERVER.active, true),
    inactive: view.getUint32(at + SERVER.inactive, true),
    persistent: view.getUint32(at + SERVER.persistent, true),
  };
}

function readStatistics({ view }: Records, at: number): Statistics {
  return {
    connections: readCounter(view, at),
    incomingPackets: readCounter(view, at + 8),
    outgoingPackets: readCounter(view, at + 16),
    incomingBytes: readCounter(view, at + 24),
    outgoingBytes: readCounter(view, at + 32),
    connectionsPerSecond: readCounter(view, at + 40),
    incomingPacketsPerSecond: readCounter(view, at + 48),
    outgoingPacketsPerSecond: readCounter(view, at + 56),
    incomingBytesPerSecond: readCounter(view, at + 64),
    outgoingBytesPerSecond: readCounter(view, at + 72),
  };
}

/** Most are small, and small integers cost V8 no memory of their own as the result of getFloat64 or a BigInt would. */
function readCounter(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  const low = view.getUint32(at, true);
  return high === 0 ? low : high * 0x1_0000_0000 + low;
}

/** The text of a name up to its closing NUL. */
export function readName(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at; i < at + NAME_SIZE; i++) {
    const character = bytes[i] ?? 0;
    if (character === 0) break;
    text += String.fromCharCode(character);
  }
  return text;
}
