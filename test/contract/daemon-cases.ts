import type { Operation, SyncDaemon } from '../../src/model/index.js';
import type { OperationCase } from './operation-case.js';
import { addServer, addService, WEB } from './samples.js';
import { INTERFACE, INTERFACE_MTU } from './target.js';

const MASTER: SyncDaemon = { role: 'Master', interface: INTERFACE, syncId: 51 };
const BACKUP: SyncDaemon = { role: 'Backup', interface: INTERFACE, syncId: 52 };

/** What the kernel fills in. A master's messages are as if the interface had an MTU of 1500. */
const FILLED_IN = { multicastGroup: '224.0.0.81', port: 8848, ttl: 1, maximumMessageLength: 1472 };

function start(daemon: SyncDaemon): Operation {
  return { kind: 'StartDaemon', daemon };
}

function starts(name: string, daemon: SyncDaemon, readBack: SyncDaemon): OperationCase {
  return { name, operation: start(daemon), outcome: 'Done', leaves: { daemons: [readBack] } };
}

export const daemonCases: readonly OperationCase[] = [
  starts('starts a master, and the kernel fills in the rest', MASTER, { ...MASTER, ...FILLED_IN }),
  starts('starts a backup, whose messages are as long as its interface carries', BACKUP, {
    ...BACKUP,
    ...FILLED_IN,
    maximumMessageLength: INTERFACE_MTU - 28,
  }),
  starts(
    'starts a daemon with everything said',
    { ...MASTER, multicastGroup: '239.1.2.3', port: 9000, ttl: 9, maximumMessageLength: 700 },
    { ...MASTER, multicastGroup: '239.1.2.3', port: 9000, ttl: 9, maximumMessageLength: 700 },
  ),
  starts(
    'starts a daemon with an IPv6 group, whose header is longer',
    { ...BACKUP, multicastGroup: 'ff02::81' },
    { ...BACKUP, ...FILLED_IN, multicastGroup: 'ff02::81', maximumMessageLength: INTERFACE_MTU - 48 },
  ),
  starts(
    'raises the message length of a backup to 1024',
    { ...BACKUP, maximumMessageLength: 10 },
    { ...BACKUP, ...FILLED_IN, maximumMessageLength: 1024 },
  ),
  starts(
    'lowers a message length that does not fit a packet',
    { ...BACKUP, maximumMessageLength: 65535 },
    { ...BACKUP, ...FILLED_IN, maximumMessageLength: 65507 },
  ),
  starts('takes a sync id of 255', { ...MASTER, syncId: 255 }, { ...MASTER, ...FILLED_IN, syncId: 255 }),
  {
    name: 'starts a backup beside a master',
    given: [start(MASTER)],
    operation: start({ ...BACKUP, maximumMessageLength: 2000 }),
    outcome: 'Done',
    leaves: {
      daemons: [
        { ...BACKUP, ...FILLED_IN, maximumMessageLength: 2000 },
        { ...MASTER, ...FILLED_IN },
      ],
    },
  },
  {
    name: 'answers EEXIST where a daemon of this role runs, and keeps it as it is',
    given: [start(MASTER)],
    operation: start({ ...MASTER, syncId: 1 }),
    outcome: 'EEXIST',
  },
  {
    name: 'answers ENODEV to an interface that does not exist',
    operation: start({ ...MASTER, interface: 'nosuch0' }),
    outcome: 'ENODEV',
  },
  {
    name: 'answers EINVAL to a group that is not multicast',
    operation: start({ ...MASTER, multicastGroup: '10.0.0.1' }),
    outcome: 'EINVAL',
  },
  {
    name: 'answers EINVAL to an IPv6 group that is not multicast',
    operation: start({ ...MASTER, multicastGroup: '2001:db8::1' }),
    outcome: 'EINVAL',
  },
  {
    name: 'answers EINVAL while a server has another family than its service',
    given: [addService(), addServer(WEB, { address: '2001:db8:1::1', forwarding: 'Tunnel', tunnel: { type: 'IPIP' } })],
    operation: start(MASTER),
    outcome: 'EINVAL',
  },
  {
    name: 'stops the daemon of one role',
    given: [start(MASTER), start({ ...BACKUP, maximumMessageLength: 2000 })],
    operation: { kind: 'StopDaemon', role: 'Backup' },
    outcome: 'Done',
    leaves: { daemons: [{ ...MASTER, ...FILLED_IN }] },
  },
  {
    name: 'answers ESRCH where no daemon of this role runs',
    given: [start(MASTER)],
    operation: { kind: 'StopDaemon', role: 'Backup' },
    outcome: 'ESRCH',
  },
];
