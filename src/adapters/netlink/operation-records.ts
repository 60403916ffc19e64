import { persistenceEngine } from '../../model/index.js';
import type {
  RealServer,
  RealServerKey,
  ServiceKey,
  ServiceSettings,
  SyncDaemon,
  Timeouts,
  Tunnel,
} from '../../model/index.js';
import { AddressParser } from './address-bytes.js';
import {
  FORWARDING_NUMBERS,
  GRE_FLAGS,
  GUE_FLAGS,
  PROTOCOL_NUMBERS,
  ROLE_NUMBERS,
  SERVICE_FLAGS,
  TUNNEL_NUMBERS,
} from './kernel-numbers.js';
import { DAEMON, KEY, NAME_SIZE, SERVER, SETTINGS, TIMEOUTS } from './record-layout.js';
import type { RecordMemory } from './record-memory.js';

const MAXIMUM_U32 = 0xffffffff;

/** A value that no field of a record can take, or that the kernel would take for another. The message says which. */
export class RefusedValue extends RangeError {
  override readonly name = 'RefusedValue';
}

/** Writes a key into zeroed bytes from `at` on, as all functions here do. */
export function writeServiceKey(memory: RecordMemory, addresses: AddressParser, at: number, key: ServiceKey): void {
  if (key.firewallMark !== undefined) {
    if (key.firewallMark === 0) throw new RefusedValue('the firewall mark is 0, which is none');
    memory.bytes[at + KEY.family] = key.family === 'IPv6' ? 6 : 4;
    memory.words[(at + KEY.mark) >> 2] = requireU32('the firewall mark', key.firewallMark);
    return;
  }
  memory.bytes[at + KEY.family] = writeAddress(memory, addresses, at + KEY.address, key.address);
  memory.bytes[at + KEY.protocol] = requireWord('the protocol', PROTOCOL_NUMBERS, key.protocol);
  memory.halves[(at + KEY.port) >> 1] = requireU16('the port', key.port);
}

/** The family is the key's, 4 or 6. */
export function writeSettings(memory: RecordMemory, at: number, settings: ServiceSettings, family: number): void {
  const { persistence, scheduler, schedulerFlags } = settings;
  if ((schedulerFlags & SERVICE_FLAGS.schedulerMask) !== schedulerFlags) {
    throw new RefusedValue(`schedulerFlags is ${schedulerFlags}, not a sum of 1, 2 and 4`);
  }
  const flags =
    (schedulerFlags << SERVICE_FLAGS.schedulerShift) |
    (settings.onePacketScheduling ? SERVICE_FLAGS.onePacket : 0) |
    (persistence === null ? 0 : SERVICE_FLAGS.persistent);
  // The kernel's own word for a service without a scheduler.
  writeName('the scheduler', scheduler === '' ? 'none' : scheduler, memory, at + SETTINGS.scheduler);
  memory.words[(at + SETTINGS.flags) >> 2] = flags;
  writeName('the persistence engine', persistenceEngine(settings), memory, at + SETTINGS.engine);
  if (persistence === null) {
    memory.words[(at + SETTINGS.netmask) >> 2] = family === 6 ? 128 : MAXIMUM_U32;
    return;
  }
  if (settings.strayEngine !== undefined) throw new RefusedValue('there is a stray engine beside persistence');
  memory.words[(at + SETTINGS.timeout) >> 2] = requireU32('the persistence timeout', persistence.timeoutSeconds);
  memory.words[(at + SETTINGS.netmask) >> 2] = parseNetmask(persistence.netmask, family);
}

export function writeServerKey(memory: RecordMemory, addresses: AddressParser, at: number, key: RealServerKey): void {
  memory.bytes[at + SERVER.family] = writeAddress(memory, addresses, at + SERVER.address, key.address);
  memory.halves[(at + SERVER.port) >> 1] = requireU16('the port', key.port);
}

export function writeServer(memory: RecordMemory, addresses: AddressParser, at: number, server: RealServer): void {
  const { weight, tunnel } = server;
  writeServerKey(memory, addresses, at, server);
  memory.bytes[at + SERVER.forwarding] = requireWord('the forwarding method', FORWARDING_NUMBERS, server.forwarding);
  if ((weight | 0) !== weight) throw new RefusedValue(`the weight is ${weight}, not a 32-bit number`);
  memory.words[(at + SERVER.weight) >> 2] = weight;
  memory.words[(at + SERVER.upper) >> 2] = requireU32('the upper threshold', server.upperThreshold);
  memory.words[(at + SERVER.lower) >> 2] = requireU32('the lower threshold', server.lowerThreshold);
  if ((server.forwarding === 'Tunnel') !== (tunnel !== null)) {
    throw new RefusedValue('a tunnel belongs to the forwarding method Tunnel, and to no other');
  }
  if (tunnel !== null) writeTunnel(memory, at, tunnel);
}

function writeTunnel(memory: RecordMemory, at: number, tunnel: Tunnel): void {
  memory.bytes[at + SERVER.tunnelType] = requireWord('the tunnel type', TUNNEL_NUMBERS, tunnel.type);
  switch (tunnel.type) {
    case 'IPIP':
      return;
    case 'GUE':
      memory.halves[(at + SERVER.tunnelPort) >> 1] = requireU16("the tunnel's port", tunnel.port);
      memory.halves[(at + SERVER.tunnelFlags) >> 1] = requireWord('the checksum', GUE_FLAGS, tunnel.checksum);
      return;
    case 'GRE':
      memory.halves[(at + SERVER.tunnelFlags) >> 1] = requireWord('the checksum', GRE_FLAGS, tunnel.checksum);
      return;
  }
}

export function writeTimeouts(memory: RecordMemory, at: number, timeouts: Timeouts): void {
  memory.words[(at + TIMEOUTS.tcp) >> 2] = requireU32('tcpSeconds', timeouts.tcpSeconds);
  memory.words[(at + TIMEOUTS.tcpFin) >> 2] = requireU32('tcpFinSeconds', timeouts.tcpFinSeconds);
  memory.words[(at + TIMEOUTS.udp) >> 2] = requireU32('udpSeconds', timeouts.udpSeconds);
}

export function writeDaemon(memory: RecordMemory, addresses: AddressParser, at: number, daemon: SyncDaemon): void {
  const { port = 0, ttl = 0, maximumMessageLength = 0, multicastGroup } = daemon;
  memory.bytes[at + DAEMON.role] = requireWord('the role', ROLE_NUMBERS, daemon.role);
  memory.bytes[at + DAEMON.ttl] = requireU8('the TTL', ttl);
  memory.bytes[at + DAEMON.syncId] = requireU8('the sync id', daemon.syncId);
  memory.halves[(at + DAEMON.port) >> 1] = requireU16('the port', port);
  memory.halves[(at + DAEMON.maximumLength) >> 1] = requireU16('the maximum message length', maximumMessageLength);
  writeName('the interface', daemon.interface, memory, at + DAEMON.interface);
  if (multicastGroup !== undefined) {
    memory.bytes[at + DAEMON.groupFamily] = writeAddress(memory, addresses, at + DAEMON.group, multicastGroup);
  }
}

/** The NUL that the kernel wants behind a name is part of the field. */
function writeName(what: string, name: string, { bytes }: RecordMemory, at: number): void {
  if (name.length >= NAME_SIZE) throw new RefusedValue(`${what} has more than ${NAME_SIZE - 1} characters: ${name}`);
  for (let i = 0; i < name.length; i++) {
    const character = name.charCodeAt(i);
    if (character <= 0x20 || character > 0x7e)
      throw new RefusedValue(`${what} has characters that no name has: ${name}`);
    bytes[at + i] = character;
  }
}

function writeAddress({ words }: RecordMemory, addresses: AddressParser, at: number, text: string): number {
  const family = addresses.write(text, words, at >> 2);
  if (family === 0) throw new RefusedValue(`${text} is no address`);
  return family;
}

// What is not a number at all fails these comparisons too.

function requireU8(what: string, value: number): number {
  if ((value & 0xff) !== value) throw new RefusedValue(`${what} is ${value}, not a whole number up to 255`);
  return value;
}

function requireU16(what: string, value: number): number {
  if ((value & 0xffff) !== value) throw new RefusedValue(`${what} is ${value}, not a whole number up to 65535`);
  return value;
}

function requireU32(what: string, value: number): number {
  if (value >>> 0 !== value) throw new RefusedValue(`${what} is ${value}, not a whole number up to 4294967295`);
  return value;
}

function requireWord<Word extends string>(what: string, numbers: Readonly<Record<Word, number>>, word: Word): number {
  const number: unknown = numbers[word];
  // Every object has some more properties, but those are no numbers.
  if (typeof number !== 'number') {
    throw new RefusedValue(`${what} is ${word}, none of ${Object.keys(numbers).join(', ')}`);
  }
  return number;
}

/** IPv4: the mask as a number, of which the first byte is the highest. IPv6: the prefix length. */
function parseNetmask(text: string, family: number): number {
  if (family === 6) {
    const length = Number(text);
    if (!Number.isInteger(length) || length < 1 || length > 128)
      throw new RefusedValue(`${text} is no IPv6 prefix length`);
    return length;
  }
  const bytes = new Uint8Array(16);
  if (new AddressParser().write(text, new Uint32Array(bytes.buffer), 0) !== 4) {
    throw new RefusedValue(`${text} is no IPv4 netmask`);
  }
  return new DataView(bytes.buffer).getUint32(0);
}
