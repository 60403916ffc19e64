import { describe, expect, test } from 'vitest';
import { failedCall, failedOperation } from '../../../src/adapters/netlink/kernel-failure.js';
import type { Operation } from '../../../src/model/index.js';
import { addServer, addService, makeServer, SETTINGS, WEB } from './samples.js';

const withEngine: Operation = {
  kind: 'AddService',
  key: WEB,
  settings: {
    ...SETTINGS,
    scheduler: 'mh',
    persistence: { timeoutSeconds: 1, netmask: '255.255.255.255', engine: 'sip' },
  },
};

describe('An errno says what to do', () => {
  test.each<[Operation, number, string]>([
    [withEngine, 2, 'modprobe ip_vs_mh'],
    [withEngine, 2, 'modprobe ip_vs_pe_sip'],
    [addServer(), 2, 'no such real server'],
    [addServer(WEB, { weight: -1 }), 34, 'the weight is negative'],
    [addServer(WEB, { lowerThreshold: 1 }), 34, 'the lower connection threshold is above the upper one'],
    [addServer(), 22, '`lo` must be up'],
    [addServer(), 3, 'no such service'],
    [addService(), 17, 'exists already'],
    [addService(), 97, 'address family'],
    [{ kind: 'StopDaemon', role: 'Master' }, 3, 'it does not run'],
    [
      { kind: 'StartDaemon', daemon: { role: 'Master', interface: 'eth9', syncId: 1 } },
      19,
      'no such network interface',
    ],
    [{ kind: 'DeleteServer', key: WEB, server: makeServer() }, 2, 'no such real server'],
    [{ kind: 'Flush' }, 71, 'errno 71'],
  ])('%o: %i', (operation, errno, text) => {
    const error = failedOperation(operation, errno);
    expect(error.message).toContain(text);
    expect(error.errno).toBe(errno);
  });
});

describe('A rejected call', () => {
  test('for want of IPVS says how to load it', () => {
    const error = failedCall('read the table', Object.assign(new Error('no IPVS'), { errno: -1 }));
    expect(error).toMatchObject({ code: 'NOIPVS', errno: 0, operation: 'read the table' });
    expect(String(error)).toContain('modprobe ip_vs');
  });

  test('for want of rights says which', () => {
    const error = failedCall('read the table', Object.assign(new Error('not permitted'), { errno: 1 }));
    expect(error).toMatchObject({ code: 'EPERM' });
    expect(String(error)).toContain('CAP_NET_ADMIN');
  });

  test('for another reason keeps it', () => {
    const reason = new TypeError('a bug');
    expect(failedCall('read the table', reason)).toBe(reason);
  });
});
