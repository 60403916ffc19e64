import { IPIP, NO_CONNECTIONS, NO_STATISTICS, serviceKeyText } from '../../model/index.js';
import type {
  ConnectionCounts,
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
import {
  FORWARDING_NUMBERS,
  GUE_FLAGS,
  PROTOCOL_NUMBERS,
  SERVICE_FLAGS,
  TUNNEL_NUMBERS,
  wordsByNumber,
} from './kernel-numbers.js';
import { KEY, MISSING, SERVER, SERVICE, SETTINGS, STATISTICS_SIZE } from './record-layout.js';
import { byteAt, halfAt, readName, wordAt } from './record-memory.js';
import type { RecordMemory } from './record-memory.js';
import type { ServerLists } from './server-lists.js';

/** Records and what is needed to read them. */
export interface Records extends RecordMemory {
  readonly addresses: AddressTexts;
  readonly servers: ServerMemory;
}

/** Real servers of IPv4 by their address as a number, the last of each: many services have the same ones. */
export interface ServerMemory {
  readonly plain: Map<number, RealServer>;
  readonly idle: Map<number, ObservedRealServer>;
}

export function makeServerMemory(): ServerMemory {
  return { plain: new Map(), idle: new Map() };
}

/** One service as read. */
export interface Reading<Service> {
  /** Of its key. */
  readonly text: string;
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
  readServer: (records, at) =>
    recallServer(records, at, records.servers.plain) ??
    remember(records, at, readServer(records, at), records.servers.plain),
  readService: (records, at, key, servers) => ({ key, settings: readSettings(records, at), servers }),
};

export const OBSERVED_SHAPE: TableShape<ObservedService, ObservedRealServer> = {
  counters: true,
  serviceSize: SERVICE.statistics + STATISTICS_SIZE,
  serverSize: SERVER.statistics + STATISTICS_SIZE,
  readServer: readObservedServer,
  readService: (records, at, key, servers) => ({
    key,
    settings: readSettings(records, at),
    servers,
    statistics: readStatistics(records, at + SERVICE.statistics),
  }),
};

/** More servers than these are not remembered. */
const MAXIMUM_REMEMBERED = 65_536;

/** A service may have any number of servers: so many are unpacked before there is a pause. */
const SERVERS_PER_STEP = 500;

/** Unpacks a chunk of whole services, one at a time. `undefined` is only a place to pause at, within a large one. */
export function* unpackServices<Service, Server>(
  records: Records,
  shape: TableShape<Service, Server>,
  lists: ServerLists<Server>,
): Generator<Reading<Service> | undefined> {
  for (let at = 0; at < records.bytes.length;) {
    const start = at;
    const key = readKey(records, start + SERVICE.key);
    const count = wordAt(records, start + SERVICE.serverCount);
    at += shape.serviceSize;
    if (count === MISSING) {
      yield { text: serviceKeyText(key), service: undefined };
      continue;
    }
    const end = at + count * shape.serverSize;
    const known = lists.recall(records.words, at, end);
    const servers = known ?? (yield* unpackServers(records, shape, at, end));
    if (known === undefined) lists.note(records.words, at, end, servers);
    at = end;
    yield { text: serviceKeyText(key), service: shape.readService(records, start, key, servers) };
  }
}

function* unpackServers<Service, Server>(
  records: Records,
  shape: TableShape<Service, Server>,
  start: number,
  end: number,
): Generator<undefined, readonly Server[]> {
  const servers: Server[] = [];
  for (let at = start; at < end; at += shape.serverSize) {
    servers.push(shape.readServer(records, at));
    if (servers.length % SERVERS_PER_STEP === 0) yield undefined;
  }
  return servers;
}

const PROTOCOL_WORDS = wordsByNumber(PROTOCOL_NUMBERS);
const FORWARDING_WORDS = wordsByNumber(FORWARDING_NUMBERS);

function readKey(records: Records, at: number): ServiceKey {
  const family = byteAt(records, at + KEY.family);
  const firewallMark = wordAt(records, at + KEY.mark);
  if (firewallMark !== 0) return { firewallMark, family: family === 6 ? 'IPv6' : 'IPv4' };
  return {
    // The kernel has services of these three only.
    protocol: PROTOCOL_WORDS[byteAt(records, at + KEY.protocol)] ?? 'TCP',
    address: records.addresses.read(family, records.words, (at + KEY.address) >> 2),
    port: halfAt(records, at + KEY.port),
  };
}

/** Of the service whose record starts there. */
function readSettings(records: Records, start: number): ServiceSettings {
  const at = start + SERVICE.settings;
  const flags = wordAt(records, at + SETTINGS.flags);
  const scheduler = readName(records, at + SETTINGS.scheduler);
  const isIPv6 = byteAt(records, start + SERVICE.key + KEY.family) === 6;
  const isPersistent = (flags & SERVICE_FLAGS.persistent) !== 0;
  const settings: ServiceSettings = {
    scheduler: scheduler === 'none' ? '' : scheduler,
    schedulerFlags: (flags >> SERVICE_FLAGS.schedulerShift) & SERVICE_FLAGS.schedulerMask,
    onePacketScheduling: (flags & SERVICE_FLAGS.onePacket) !== 0,
    persistence: isPersistent ? readPersistence(records, at, isIPv6) : null,
  };
  if (isPersistent || byteAt(records, at + SETTINGS.engine) === 0) return settings;
  return { ...settings, strayEngine: readName(records, at + SETTINGS.engine) };
}

function readPersistence(records: Records, at: number, isIPv6: boolean): Persistence {
  const netmask = wordAt(records, at + SETTINGS.netmask);
  return {
    timeoutSeconds: wordAt(records, at + SETTINGS.timeout),
    netmask: isIPv6 ? String(netmask) : netmaskText(netmask),
    engine: readName(records, at + SETTINGS.engine),
  };
}

function netmaskText(mask: number): string {
  return `${mask >>> 24}.${(mask >>> 16) & 0xff}.${(mask >>> 8) & 0xff}.${mask & 0xff}`;
}

/** A server as it was read before; `undefined` where it is another one, or none that is remembered. */
function recallServer<Server extends RealServer>(
  { bytes, halves, words }: Records,
  at: number,
  known: ReadonlyMap<number, Server>,
): Server | undefined {
  if (bytes[at + SERVER.family] === 6) return undefined;
  const server = known.get(addressNumber(words, at));
  const isSame =
    server?.port === halves[(at + SERVER.port) >> 1] &&
    server?.weight === ((words[(at + SERVER.weight) >> 2] ?? 0) | 0) &&
    server.forwarding === FORWARDING_WORDS[bytes[at + SERVER.forwarding] ?? 0] &&
    server.tunnel === null &&
    server.upperThreshold === words[(at + SERVER.upper) >> 2] &&
    server.lowerThreshold === words[(at + SERVER.lower) >> 2];
  return isSame ? server : undefined;
}

function remember<Server extends RealServer>(
  { bytes, words }: Records,
  at: number,
  server: Server,
  known: Map<number, Server>,
): Server {
  if (bytes[at + SERVER.family] === 6 || server.tunnel !== null) return server;
  if (known.size >= MAXIMUM_REMEMBERED) known.clear();
  known.set(addressNumber(words, at), server);
  return server;
}

/** Signed, so that it is a small integer to V8, which finds those without making a number first. */
function addressNumber(words: Uint32Array, at: number): number {
  return (words[(at + SERVER.address) >> 2] ?? 0) | 0;
}

function readServer(records: Records, at: number): RealServer {
  const { bytes, halves, words } = records;
  // The kernel stores 5 to 7 too, and forwards nothing then. Nobody declares Bypass: it is never taken for right.
  const forwarding = FORWARDING_WORDS[bytes[at + SERVER.forwarding] ?? 0] ?? 'Bypass';
  return {
    address: records.addresses.read(bytes[at + SERVER.family] ?? 0, words, (at + SERVER.address) >> 2),
    port: halves[(at + SERVER.port) >> 1] ?? 0,
    forwarding,
    tunnel: forwarding === 'Tunnel' ? readTunnel(records, at) : null,
    weight: (words[(at + SERVER.weight) >> 2] ?? 0) | 0,
    upperThreshold: words[(at + SERVER.upper) >> 2] ?? 0,
    lowerThreshold: words[(at + SERVER.lower) >> 2] ?? 0,
  };
}

/** A type that this program does not know is shown as the plainest one. */
function readTunnel(records: Records, at: number): Tunnel {
  const flags = halfAt(records, at + SERVER.tunnelFlags);
  const isStandard = (flags & GUE_FLAGS.Standard) !== 0;
  switch (byteAt(records, at + SERVER.tunnelType)) {
    case TUNNEL_NUMBERS.GUE:
      return {
        type: 'GUE',
        port: halfAt(records, at + SERVER.tunnelPort),
        checksum: flags & GUE_FLAGS.Remote ? 'Remote' : isStandard ? 'Standard' : 'None',
      };
    case TUNNEL_NUMBERS.GRE:
      return { type: 'GRE', checksum: isStandard ? 'Standard' : 'None' };
    default:
      return IPIP;
  }
}

/** Written out, not spread from the one above: that takes five times as long, and there are 100,000 of them. */
function readObservedServer(records: Records, at: number): ObservedRealServer {
  const isIdle = areZero(records, at + SERVER.active, SERVER.statistics + STATISTICS_SIZE - SERVER.active);
  const known = isIdle ? recallServer(records, at, records.servers.idle) : undefined;
  if (known !== undefined) return known;
  const { address, port, forwarding, tunnel, weight, upperThreshold, lowerThreshold } = readServer(records, at);
  const server: ObservedRealServer = {
    address,
    port,
    forwarding,
    tunnel,
    weight,
    upperThreshold,
    lowerThreshold,
    connections: isIdle ? NO_CONNECTIONS : readConnections(records, at),
    statistics: isIdle ? NO_STATISTICS : readStatistics(records, at + SERVER.statistics),
  };
  return isIdle ? remember(records, at, server, records.servers.idle) : server;
}

/** Whether so many bytes are all zero. */
function areZero({ words }: Records, at: number, size: number): boolean {
  for (let i = at >> 2; i < (at + size) >> 2; i++) if (words[i] !== 0) return false;
  return true;
}

function readConnections(records: Records, at: number): ConnectionCounts {
  return {
    active: wordAt(records, at + SERVER.active),
    inactive: wordAt(records, at + SERVER.inactive),
    persistent: wordAt(records, at + SERVER.persistent),
  };
}

function readStatistics({ words }: Records, at: number): Statistics {
  const first = at >> 2;
  return {
    connections: readCounter(words, first),
    incomingPackets: readCounter(words, first + 2),
    outgoingPackets: readCounter(words, first + 4),
    incomingBytes: readCounter(words, first + 6),
    outgoingBytes: readCounter(words, first + 8),
    connectionsPerSecond: readCounter(words, first + 10),
    incomingPacketsPerSecond: readCounter(words, first + 12),
    outgoingPacketsPerSecond: readCounter(words, first + 14),
    incomingBytesPerSecond: readCounter(words, first + 16),
    outgoingBytesPerSecond: readCounter(words, first + 18),
  };
}

/** Most are small, and then cost V8 no memory of their own, as a double or a BigInt would. */
function readCounter(words: Uint32Array, index: number): number {
  const low = words[index] ?? 0;
  const high = words[index + 1] ?? 0;
  return high === 0 ? low : high * 0x1_0000_0000 + low;
}
