import type { KernelInfo } from '../../kernel/index.js';
import type { SyncDaemon, Timeouts } from '../../model/index.js';
import { AddressTexts } from './address-bytes.js';
import { DAEMON, INFO, TIMEOUTS } from './record-layout.js';
import { readName } from './table-records.js';

/** Unpacks what is read apart from the table: little, and rarely. */

export function unpackInfo(buffer: ArrayBuffer): KernelInfo {
  const view = new DataView(buffer);
  const version = view.getUint32(INFO.version, true);
  return {
    version: `${(version >> 16) & 0xff}.${(version >> 8) & 0xff}.${version & 0xff}`,
    connectionTableSize: view.getUint32(INFO.connectionTableSize, true),
  };
}

export function unpackTimeouts(buffer: ArrayBuffer): Timeouts {
  const view = new DataView(buffer);
  return {
    tcpSeconds: view.getUint32(TIMEOUTS.tcp, true),
    tcpFinSeconds: view.getUint32(TIMEOUTS.tcpFin, true),
    udpSeconds: view.getUint32(TIMEOUTS.udp, true),
  };
}

export function unpackDaemons(buffer: ArrayBuffer): readonly SyncDaemon[] {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const daemons: SyncDaemon[] = [];
  for (let at = 0; at < bytes.length; at += DAEMON.size) daemons.push(unpackDaemon(view, bytes, at));
  return daemons;
}

/** Kernels that do not say where the daemon sends to leave zeros: those fields are then absent. */
function unpackDaemon(view: DataView, bytes: Uint8Array, at: number): SyncDaemon {
  const groupFamily = view.getUint8(at + DAEMON.groupFamily);
  const port = view.getUint16(at + DAEMON.port, true);
  const ttl = view.getUint8(at + DAEMON.ttl);
  const maximumMessageLength = view.getUint16(at + DAEMON.maximumLength, true);
  return {
    role: view.getUint8(at + DAEMON.role) === 1 ? 'Master' : 'Backup',
    interface: readName(bytes, at + DAEMON.interface),
    syncId: view.getUint8(at + DAEMON.syncId),
    ...(groupFamily === 0 ? {} : { multicastGroup: new AddressTexts().read(groupFamily, bytes, at + DAEMON.group) }),
    ...(port === 0 ? {} : { port }),
    ...(ttl === 0 ? {} : { ttl }),
    ...(maximumMessageLength === 0 ? {} : { maximumMessageLength }),
  };
}
