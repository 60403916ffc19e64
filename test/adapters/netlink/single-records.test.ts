import { expect, test } from 'vitest';
import { OperationPacker } from '../../../src/adapters/netlink/operation-packer.js';
import { DAEMON, OPERATION } from '../../../src/adapters/netlink/record-layout.js';
import { unpackDaemons, unpackInfo, unpackTimeouts } from '../../../src/adapters/netlink/single-records.js';
import type { SyncDaemon } from '../../../src/model/index.js';

test('Daemons come back as they were started', () => {
  const master: SyncDaemon = {
    role: 'Master',
    interface: 'eth0',
    syncId: 255,
    multicastGroup: 'ff02::81',
    port: 8848,
    ttl: 1,
    maximumMessageLength: 1472,
  };
  const backup: SyncDaemon = { role: 'Backup', interface: 'bond0.100', syncId: 0 };
  const packer = new OperationPacker(2);
  const bytes = new Uint8Array(2 * DAEMON.size);
  for (const [i, daemon] of [master, backup].entries()) {
    packer.add({ kind: 'StartDaemon', daemon });
    const start = i * OPERATION.size + OPERATION.subject;
    bytes.set(packer.bytes.subarray(start, start + DAEMON.size), i * DAEMON.size);
  }
  expect(unpackDaemons(bytes.buffer)).toEqual([master, backup]);
});

test('The version is text with dots', () => {
  expect(unpackInfo(Uint8Array.from([1, 2, 1, 0, 0, 16, 0, 0]).buffer)).toEqual({
    version: '1.2.1',
    connectionTableSize: 4096,
  });
});

test('Timeouts are seconds', () => {
  const words = Uint8Array.from([132, 3, 0, 0, 120, 0, 0, 0, 44, 1, 0, 0]);
  expect(unpackTimeouts(words.buffer)).toEqual({ tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 });
});
