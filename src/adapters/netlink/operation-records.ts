import type {
  Operation,
  RealServer,
  RealServerKey,
  ServiceKey,
  ServiceSettings,
  SyncDaemon,
  Timeouts,
  Tunnel,
} from '../../model/index.js';
import { writeAddress } from './address-bytes.js';
import { FORWARDING_NUMBERS, PROTOCOL_NUMBERS, ROLE_NUMBERS } from './kernel-numbers.js';
import {
  COMMANDS,
  DAEMON,
  KEY,
  NAME_SIZE,
  OPERATION,
  SERVER,
  SERVICE_FLAGS,
  SETTINGS,
  TIMEOUTS,
  TUNNEL_FLAGS,
} from './record-layout.js';

const MAXIMUM_PORT = 0xffff;
const MAXIMUM_U32 = 0xffffffff;
const GRE_FLAGS = { None: TUNNEL_FLAGS.None, Standard: TUNNEL_FLAGS.Standard } as const;
const TUNNEL_NUMBERS = { IPIP: 0, GUE: 1, GRE: 2 } as const;

/** An operation that the addon carries out; sysctls are files. */
export type KernelOperation = Exclude<Operation, { readonly kind: 'SetSysctl' }>;

/** A value that no field of a record can take, or that the kernel would take for another. The message says which. */
class RefusedValue extends RangeError {
  override readonly name = 'RefusedValue';
}

/**
 * Packs operations into records, one behind the other. What the kernel would not check, or would cut to the width of a
 * field, is checked here: callers without types exist.
 */
export class OperationPacker {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #size = 0;
  /** Operations on one service follow each other and share the key object: its bytes are made once. */
  #key: ServiceKey | undefined;
  #keyOffset = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity * OPERATION.size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get count(): number {
    return this.#size / OPERATION.size;
  }

  /** Good until the packer is cleared. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  clear(): void {
    this.#bytes.fill(0, 0, this.#size);
    this.#size = 0;
    this.#key = undefined;
  }

  /** Appends an operation, for which there must be room. Gives the reason where it is refused, and appends nothing. */
  add(operation: KernelOperation): string | undefined {
    const start = this.#size;
    try {
      this.#view.setUint8(start + OPERATION.command, COMMANDS[operation.kind]);
      this.#write(operation, start);
      this.#size += OPERATION.size;
      return undefined;
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error;
      this.#bytes.fill(0, start, start + OPERATION.size);
      if (this.#keyOffset === start) this.#key = undefined;
      return error.message;
    }
  }

  #write(operation: KernelOperation, start: number): void {
    const subject = start + OPERATION.subject;
    switch (operation.kind) {
      case 'AddService':
      case 'EditService':
        this.#writeKey(operation.key, start);
        writeSettings(this.#view, this.#bytes, subject, operation.settings, this.#view.getUint8(start + OPERATION.key));
        return;
      case 'DeleteService':
        this.#writeKey(operation.key, start);
        return;
      case 'AddServer':
      case 'EditServer':
        this.#writeKey(operation.key, start);
        writeServer(this.#view, this.#bytes, subject, operation.server);
        return;
      case 'DeleteServer':
        this.#writeKey(operation.key, start);
        writeServerKey(this.#view, this.#bytes, subject, operation.server);
        return;
      case 'ZeroStatistics':
        if (operation.key !== null) this.#writeKey(operation.key, start);
        return;
      case 'Flush':
        return;
      case 'SetTimeouts':
        writeTimeouts(this.#view, subject, operation.timeouts);
        return;
      case 'StartDaemon':
        writeDaemon(this.#view, this.#bytes, subject, operation.daemon);
        return;
      case 'StopDaemon':
        this.#view.setUint8(subject + DAEMON.role, ROLE_NUMBERS[operation.role]);
        return;
    }
  }

  #writeKey(key: ServiceKey, start: number): void {
    if (key === this.#key) {
      this.#bytes.copyWithin(
        start + OPERATION.key,
        this.#keyOffset + OPERATION.key,
        this.#keyOffset + OPERATION.subject,
      );
      return;
    }
    writeServiceKey(this.#view, this.#bytes, start + OPERATION.key, key);
    this.#key = key;
    this.#keyOffset = start;
  }
}

/** Packs keys. Throws RangeError for one that the kernel cannot have. */
export function packKeys(keys: readonly ServiceKey[]): Uint8Array {
  const bytes = new Uint8Array(keys.length * KEY.size);
  const view = new DataView(bytes.buffer);
  keys.forEach((key, i) => {
    writeServiceKey(view, bytes, i * KEY.size, key);
  });
  return bytes;
}

function writeServiceKey(view: DataView, bytes: Uint8Array, start: number, key: ServiceKey): void {
  if (key.firewallMark !== undefined) {
    requireInteger('the firewall mark', key.firewallMark, 1, MAXIMUM_U32);
    view.setUint8(start + KEY.family, key.family === 'IPv6' ? 6 : 4);
    view.setUint32(start + KEY.mark, key.firewallMark, true);
    return;
  }
  requireInteger('the port', key.port, 0, MAXIMUM_PORT);
  view.setUint8(start + KEY.family, requireAddress(key.address, bytes, start + KEY.address));
  view.setUint8(start + KEY.protocol, requireWord('the protocol', PROTOCOL_NUMBERS, key.protocol));
  view.setUint16(start + KEY.port, key.port, true);
}

function writeSettings(
  view: DataView,
  bytes: Uint8Array,
  start: number,
  settings: ServiceSettings,
  family: number,
): void {
  const { persistence } = settings;
  requireInteger('schedulerFlags', settings.schedulerFlags, 0, SERVICE_FLAGS.schedulerMask);
  const flags =
    (settings.schedulerFlags << SERVICE_FLAGS.schedulerShift) |
    (settings.onePacketScheduling ? SERVICE_FLAGS.onePacket : 0) |
    (persistence === null ? 0 : SERVICE_FLAGS.persistent);
  // The kernel's own word for a service without a scheduler.
  writeName(
    'the scheduler',
    settings.scheduler === '' ? 'none' : settings.scheduler,
    bytes,
    start + SETTINGS.scheduler,
  );
  view.setUint32(start + SETTINGS.flags, flags, true);
  if (persistence === null) {
    view.setUint32(start + SETTINGS.netmask, family === 6 ? 128 : MAXIMUM_U32, true);
    return;
  }
  requireInteger('the persistence timeout', persistence.timeoutSeconds, 0, MAXIMUM_U32);
  view.setUint32(start + SETTINGS.timeout, persistence.timeoutSeconds, true);
  view.setUint32(start + SETTINGS.netmask, requireNetmask(persistence.netmask, family), true);
  writeName('the persistence engine', persistence.engine, bytes, start + SETTINGS.engine);
}

function writeServerKey(view: DataView, bytes: Uint8Array, start: number, key: RealServerKey): void {
  requireInteger('the port', key.port, 0, MAXIMUM_PORT);
  view.setUint8(start + SERVER.family, requireAddress(key.address, bytes, start + SERVER.address));
  view.setUint16(start + SERVER.port, key.port, true);
}

function writeServer(view: DataView, bytes: Uint8Array, start: number, server: RealServer): void {
  writeServerKey(view, bytes, start, server);
  requireInteger('the weight', server.weight, -0x80000000, 0x7fffffff);
  requireInteger('upperThreshold', server.upperThreshold, 0, MAXIMUM_U32);
  requireInteger('lowerThreshold', server.lowerThreshold, 0, MAXIMUM_U32);
  view.setUint8(start + SERVER.forwarding, requireWord('the forwarding method', FORWARDING_NUMBERS, server.forwarding));
  view.setInt32(start + SERVER.weight, server.weight, true);
  view.setUint32(start + SERVER.upper, server.upperThreshold, true);
  view.setUint32(start + SERVER.lower, server.lowerThreshold, true);
  if ((server.forwarding === 'Tunnel') !== (server.tunnel !== null)) {
    throw new RefusedValue('a tunnel belongs to the forwarding method Tunnel, and to no other');
  }
  if (server.tunnel !== null) writeTunnel(view, start, server.tunnel);
}

function writeTunnel(view: DataView, start: number, tunnel: Tunnel): void {
  view.setUint8(start + SERVER.tunnelType, requireWord('the tunnel type', TUNNEL_NUMBERS, tunnel.type));
  switch (tunnel.type) {
    case 'IPIP':
      return;
    case 'GUE':
      requireInteger("the tunnel's port", tunnel.port, 1, MAXIMUM_PORT);
      view.setUint16(start + SERVER.tunnelPort, tunnel.port, true);
      view.setUint16(start + SERVER.tunnelFlags, requireWord('the checksum', TUNNEL_FLAGS, tunnel.checksum), true);
      return;
    case 'GRE':
      view.setUint16(start + SERVER.tunnelFlags, requireWord('the checksum', GRE_FLAGS, tunnel.checksum), true);
      return;
  }
}

function writeTimeouts(view: DataView, start: number, timeouts: Timeouts): void {
  requireInteger('tcpSeconds', timeouts.tcpSeconds, 0, MAXIMUM_U32);
  requireInteger('tcpFinSeconds', timeouts.tcpFinSeconds, 0, MAXIMUM_U32);
  requireInteger('udpSeconds', timeouts.udpSeconds, 0, MAXIMUM_U32);
  view.setUint32(start + TIMEOUTS.tcp, timeouts.tcpSeconds, true);
  view.setUint32(start + TIMEOUTS.tcpFin, timeouts.tcpFinSeconds, true);
  view.setUint32(start + TIMEOUTS.udp, timeouts.udpSeconds, true);
}

function writeDaemon(view: DataView, bytes: Uint8Array, start: number, daemon: SyncDaemon): void {
  const { port = 0, ttl = 0, maximumMessageLength = 0 } = daemon;
  requireInteger('the sync id', daemon.syncId, 0, 0xff);
  requireInteger('the port', port, 0, MAXIMUM_PORT);
  requireInteger('the TTL', ttl, 0, 0xff);
  requireInteger('the maximum message length', maximumMessageLength, 0, 0xffff);
  view.setUint8(start + DAEMON.role, requireWord('the role', ROLE_NUMBERS, daemon.role));
  view.setUint8(start + DAEMON.ttl, ttl);
  view.setUint8(start + DAEMON.syncId, daemon.syncId);
  view.setUint16(start + DAEMON.port, port, true);
  view.setUint16(start + DAEMON.maximumLength, maximumMessageLength, true);
  writeName('the interface', daemon.interface, bytes, start + DAEMON.interface);
  if (daemon.multicastGroup !== undefined) {
    view.setUint8(start + DAEMON.groupFamily, requireAddress(daemon.multicastGroup, bytes, start + DAEMON.group));
  }
}

/** Room for the NUL that the kernel wants behind a name is part of the field. */
function writeName(what: string, name: string, bytes: Uint8Array, start: number): void {
  if (name.length >= NAME_SIZE) throw new RefusedValue(`${what} has more than ${NAME_SIZE - 1} characters: ${name}`);
  for (let i = 0; i < name.length; i++) {
    const character = name.charCodeAt(i);
    if (character <= 0x20 || character > 0x7e)
      throw new RefusedValue(`${what} has characters that no name has: ${name}`);
    bytes[start + i] = character;
  }
}

function requireInteger(what: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RefusedValue(`${what} is ${value}, not a whole number from ${minimum} to ${maximum}`);
  }
}

function requireWord<Word extends string>(what: string, numbers: Readonly<Record<Word, number>>, word: Word): number {
  if (!Object.hasOwn(numbers, word))
    throw new RefusedValue(`${what} is ${word}, none of ${Object.keys(numbers).join(', ')}`);
  return numbers[word];
}

function requireAddress(text: string, bytes: Uint8Array, offset: number): number {
  const family = writeAddress(text, bytes, offset);
  if (family === undefined) throw new RefusedValue(`${text} is no address`);
  return family;
}

function requireNetmask(text: string, family: number): number {
  if (family === 6) {
    requireInteger('the IPv6 prefix length', Number(text), 1, 128);
    return Number(text);
  }
  const bytes = new Uint8Array(16);
  if (writeAddress(text, bytes, 0) !== 4) throw new RefusedValue(`${text} is no IPv4 netmask`);
  return new DataView(bytes.buffer).getUint32(0);
}
