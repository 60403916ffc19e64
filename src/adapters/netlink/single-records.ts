import type { KernelInfo } from '../../kernel/index.js';
import type { SyncDaemon, Timeouts } from '../../model/index.js';
import { AddressTexts } from './address-bytes.js';
import { ROLE_NUMBERS } from './kernel-numbers.js';
import { DAEMON, INFO, TIMEOUTS } from './record-layout.js';
import { byteAt, halfAt, readName, recordMemory, wordAt } from './record-memory.js';
import type { RecordMemory } from './record-memory.js';

/** Unpacks what is read apart from the table: little, and rarely. */

export function unpackInfo(buffer: ArrayBuffer): KernelInfo {
  const memory = recordMemory(buffer);
  const version = wordAt(memory, INFO.version);
  return {
    version: `${(version >> 16) & 0xff}.${(version >> 8) & 0xff}.${version & 0xff}`,
    connectionTableSize: wordAt(memory, INFO.connectionTableSize),
  };
}

export function unpackTimeouts(buffer: ArrayBuffer): Timeouts {
  const memory = recordMemory(buffer);
  return {
    tcpSeconds: wordAt(memory, TIMEOUTS.tcp),
    tcpFinSeconds: wordAt(memory, TIMEOUTS.tcpFin),
    udpSeconds: wordAt(memory, TIMEOUTS.udp),
  };
}

export function unpackDaemons(buffer: ArrayBuffer): readonly SyncDaemon[] {
  const memory = recordMemory(buffer);
  const daemons: SyncDaemon[] = [];
  for (let at = 0; at < buffer.byteLength; at += DAEMON.size) daemons.push(unpackDaemon(memory, at));
  return daemons;
}

/** Kernels that do not say where the daemon sends to leave zeros: those fields are then absent. */
function unpackDaemon(memory: RecordMemory, at: number): SyncDaemon {
  const groupFamily = byteAt(memory, at + DAEMON.groupFamily);
  const port = halfAt(memory, at + DAEMON.port);
  const ttl = byteAt(memory, at + DAEMON.ttl);
  const maximumMessageLength = halfAt(memory, at + DAEMON.maximumLength);
  const group = new AddressTexts().read(groupFamily, memory.words, (at + DAEMON.group) >> 2);
  return {
    role: byteAt(memory, at + DAEMON.role) === ROLE_NUMBERS.Master ? 'Master' : 'Backup',
    interface: readName(memory, at + DAEMON.interface),
    syncId: byteAt(memory, at + DAEMON.syncId),
    ...(groupFamily === 0 ? {} : { multicastGroup: group }),
    ...(port === 0 ? {} : { port }),
    ...(ttl === 0 ? {} : { ttl }),
    ...(maximumMessageLength === 0 ? {} : { maximumMessageLength }),
  };
}
