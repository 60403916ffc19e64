import { DEFAULT_TIMEOUTS } from '../../src/model/index.js';
import type { OperationCase } from './operation-case.js';
import { addServer, addService, DNS, makeServer, MARK_IPV6, WEB, WLC } from './samples.js';

const oneService = { services: [{ key: WEB, settings: WLC, servers: [makeServer()] }] };

/** Operations on the table as a whole, and on what is not in it. */
export const wholeCases: readonly OperationCase[] = [
  {
    name: 'zeroes all counters and keeps the rest',
    given: [addService(), addServer(WEB)],
    operation: { kind: 'ZeroStatistics', key: null },
    outcome: 'Done',
    leaves: oneService,
  },
  { name: 'zeroes the counters of an empty table', operation: { kind: 'ZeroStatistics', key: null }, outcome: 'Done' },
  {
    name: 'zeroes the counters of one service',
    given: [addService(), addServer(WEB)],
    operation: { kind: 'ZeroStatistics', key: WEB },
    outcome: 'Done',
    leaves: oneService,
  },
  {
    name: 'answers ESRCH where the service is missing',
    operation: { kind: 'ZeroStatistics', key: WEB },
    outcome: 'ESRCH',
  },
  {
    name: 'deletes every service and nothing else',
    given: [
      addService(),
      addServer(WEB),
      addService(DNS),
      addService(MARK_IPV6),
      { kind: 'SetTimeouts', timeouts: { tcpSeconds: 0, tcpFinSeconds: 0, udpSeconds: 30 } },
    ],
    operation: { kind: 'Flush' },
    outcome: 'Done',
    leaves: { timeouts: { ...DEFAULT_TIMEOUTS, udpSeconds: 30 } },
  },
  { name: 'flushes an empty table', operation: { kind: 'Flush' }, outcome: 'Done' },
  {
    name: 'sets all timeouts',
    operation: { kind: 'SetTimeouts', timeouts: { tcpSeconds: 1000, tcpFinSeconds: 1, udpSeconds: 2_678_400 } },
    outcome: 'Done',
    leaves: { timeouts: { tcpSeconds: 1000, tcpFinSeconds: 1, udpSeconds: 2_678_400 } },
  },
  {
    name: 'leaves a timeout of 0 as it is',
    operation: { kind: 'SetTimeouts', timeouts: { tcpSeconds: 0, tcpFinSeconds: 60, udpSeconds: 0 } },
    outcome: 'Done',
    leaves: { timeouts: { ...DEFAULT_TIMEOUTS, tcpFinSeconds: 60 } },
  },
  {
    name: 'answers EINVAL to a timeout that its clock cannot count, and sets none',
    operation: { kind: 'SetTimeouts', timeouts: { tcpSeconds: 60, tcpFinSeconds: 0, udpSeconds: 0x7fffffff } },
    outcome: 'EINVAL',
  },
  {
    name: 'sets a sysctl',
    operation: { kind: 'SetSysctl', name: 'conn_reuse_mode', value: '1' },
    outcome: 'Done',
  },
  {
    name: 'answers ENOENT to a sysctl that the kernel lacks',
    operation: { kind: 'SetSysctl', name: 'no_such_thing', value: '1' },
    outcome: 'ENOENT',
  },
  {
    name: 'answers EINVAL to a value that is no number',
    operation: { kind: 'SetSysctl', name: 'conn_reuse_mode', value: 'yes' },
    outcome: 'EINVAL',
  },
  {
    name: 'answers EINVAL to a number out of range',
    operation: { kind: 'SetSysctl', name: 'sync_version', value: '2' },
    outcome: 'EINVAL',
  },
];
