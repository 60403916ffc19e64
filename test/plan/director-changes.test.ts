import { describe, expect, test } from 'vitest';
import { describeOperation } from '../../src/model/index.js';
import type { SyncDaemon, WantedDirector } from '../../src/model/index.js';
import { observationNeeds, planChanges } from '../../src/plan/index.js';
import type { ObservedState, Owner, Plan, PlanOptions } from '../../src/plan/index.js';
import { director, observed, planInput, server, service, tcp, wanted, wantedService } from './states.js';

const EDGE = 'Director edge';
const TIMEOUTS = { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 };
const MASTER: SyncDaemon = { role: 'Master', interface: 'eth0', syncId: 51 };
/** As the kernel reads it back. */
const RUNNING: SyncDaemon = { ...MASTER, multicastGroup: '224.0.0.81', port: 8848, ttl: 1, maximumMessageLength: 1472 };
const BACKUP: SyncDaemon = { ...MASTER, role: 'Backup' };

function plan(
  fields: Partial<WantedDirector> | null,
  state: Partial<ObservedState>,
  owners: Readonly<Record<string, Owner>> = {},
  options: Partial<PlanOptions> = {},
): Plan {
  return planChanges(
    planInput({
      wanted: wanted([], { director: fields === null ? null : director(fields) }),
      observed: observed([], { timeouts: TIMEOUTS, daemons: [], sysctls: {}, ...state }),
      owned: new Map(Object.entries(owners)),
      options,
    }),
  );
}

function texts({ changes }: Plan): readonly string[] {
  return changes.map(({ operation }) => describeOperation(operation));
}

describe('timeouts', () => {
  test('that are as wanted, or not wanted at all, are left alone', () => {
    expect(plan({ timeouts: { tcpSeconds: 900 } }, {}).changes).toEqual([]);
    expect(plan({}, {}).changes).toEqual([]);
  });

  test('that differ are set together, the others left as they are', () => {
    expect(plan({ timeouts: { tcpSeconds: 60, udpSeconds: 300 } }, {}).changes).toEqual([
      {
        operation: { kind: 'SetTimeouts', timeouts: { tcpSeconds: 60, tcpFinSeconds: 0, udpSeconds: 0 } },
        before: { timeouts: TIMEOUTS },
        object: EDGE,
      },
    ]);
  });
});

describe('sysctls', () => {
  test('are compared whatever separates their numbers', () => {
    expect(plan({ sysctls: { sync_threshold: '3 50' } }, { sysctls: { sync_threshold: '3\t50' } }).changes).toEqual([]);
  });

  test('that differ are written', () => {
    const { changes } = plan({ sysctls: { conn_reuse_mode: '1' } }, { sysctls: { conn_reuse_mode: '0' } });
    expect(changes).toEqual([
      { operation: { kind: 'SetSysctl', name: 'conn_reuse_mode', value: '1' }, before: { sysctl: '0' }, object: EDGE },
    ]);
  });

  test('that the kernel does not have are a problem', () => {
    const { changes, problems } = plan({ sysctls: { run_estimation: '1' } }, {});
    expect(changes).toEqual([]);
    expect(problems).toEqual([{ kind: 'UnknownSysctl', name: 'run_estimation', object: EDGE }]);
  });
});

describe('a daemon', () => {
  const ours = { 'sync-daemon Master': { object: EDGE, set: 'default' } };

  test('that is missing starts', () => {
    expect(texts(plan({ daemons: [MASTER] }, {}))).toEqual(['start the Master sync daemon on eth0']);
  });

  test('is compared by what was asked for, since the kernel fills in the rest', () => {
    expect(plan({ daemons: [MASTER] }, { daemons: [RUNNING] }, ours)).toMatchObject({ changes: [], adoptions: [] });
    expect(plan({ daemons: [{ ...MASTER, ttl: 2 }] }, { daemons: [RUNNING] }, ours).changes).toHaveLength(2);
  });

  test('that someone else started the same way becomes ours', () => {
    expect(plan({ daemons: [MASTER] }, { daemons: [RUNNING] })).toMatchObject({
      changes: [],
      adoptions: [{ key: 'sync-daemon Master', object: EDGE }],
    });
  });

  test('that differs stops and starts, and the other one runs on', () => {
    const { changes } = plan(
      { daemons: [{ ...MASTER, syncId: 2 }, BACKUP] },
      { daemons: [RUNNING, { ...RUNNING, role: 'Backup' }] },
      { ...ours, 'sync-daemon Backup': { object: EDGE, set: 'default' } },
    );
    expect(changes.map(({ operation }) => operation.kind)).toEqual(['StopDaemon', 'StartDaemon']);
  });

  test.each<[string, Partial<WantedDirector> | null, Readonly<Record<string, Owner>>, Partial<PlanOptions>, number]>([
    ['that was never declared runs on', {}, {}, {}, 0],
    ['that is not declared any more stops', {}, ours, {}, 1],
    ['whose director is gone runs on', null, ours, {}, 0],
    [
      'whose director is gone stops with pruning and leave to empty the set',
      null,
      ours,
      { prune: true, allowEmpty: true },
      1,
    ],
    ['whose director is gone runs on with pruning alone', null, ours, { prune: true }, 0],
  ])('%s', (_, fields, owners, options, count) => {
    expect(plan(fields, { daemons: [RUNNING] }, owners, options).changes).toHaveLength(count);
  });

  test('that does not run and is not wanted is stale', () => {
    expect(plan({}, {}, ours).stale).toEqual(['sync-daemon Master']);
  });
});

describe('sync_ports, which the kernel reads when the first daemon starts', () => {
  const ports = { sysctls: { sync_ports: '2' } };
  const before = { sysctls: { sync_ports: '1' } };
  const runningBackup: SyncDaemon = { ...RUNNING, role: 'Backup' };
  const ours = { 'sync-daemon Master': { object: EDGE, set: 'default' } };

  test.each<[string, Partial<WantedDirector>, Partial<ObservedState>, readonly string[]]>([
    [
      'is set while all daemons rest',
      { ...ports, daemons: [MASTER, BACKUP] },
      { ...before, daemons: [RUNNING, runningBackup] },
      [
        'stop the Master sync daemon',
        'stop the Backup sync daemon',
        'set net.ipv4.vs.sync_ports to 2',
        'start the Master sync daemon on eth0',
        'start the Backup sync daemon on eth0',
      ],
    ],
    [
      'is set in the same rest as other changes of a daemon',
      { ...ports, daemons: [{ ...MASTER, syncId: 7 }, BACKUP] },
      { ...before, daemons: [RUNNING, runningBackup] },
      [
        'stop the Master sync daemon',
        'stop the Backup sync daemon',
        'set net.ipv4.vs.sync_ports to 2',
        'start the Master sync daemon on eth0',
        'start the Backup sync daemon on eth0',
      ],
    ],
    [
      'does not wait for a daemon that goes',
      { ...ports, daemons: [BACKUP] },
      { ...before, daemons: [RUNNING] },
      ['stop the Master sync daemon', 'set net.ipv4.vs.sync_ports to 2', 'start the Backup sync daemon on eth0'],
    ],
    [
      'stops nothing beside a daemon of somebody else, which runs on',
      { ...ports, daemons: [MASTER] },
      { ...before, daemons: [RUNNING, runningBackup] },
      ['set net.ipv4.vs.sync_ports to 2'],
    ],
    ['is set at once where no daemon runs', ports, before, ['set net.ipv4.vs.sync_ports to 2']],
    [
      'stops nothing where it is as wanted',
      { ...ports, daemons: [MASTER] },
      { sysctls: { sync_ports: '2' }, daemons: [RUNNING] },
      [],
    ],
    [
      'stops nothing where another sysctl changes',
      { sysctls: { sync_retries: '1' }, daemons: [MASTER] },
      { sysctls: { sync_retries: '0' }, daemons: [RUNNING] },
      ['set net.ipv4.vs.sync_retries to 1'],
    ],
  ])('%s', (_, fields, state, expected) => {
    expect(texts(plan(fields, state, ours))).toEqual(expected);
  });
});

test('what goes or is read by daemons comes first, what starts them comes last', () => {
  const web = wantedService(service(tcp('10.0.0.1'), [server('192.168.0.1')]));
  const input = planInput({
    wanted: wanted([web], {
      director: director({ daemons: [BACKUP], timeouts: { tcpSeconds: 60 }, sysctls: { sync_ports: '2' } }),
    }),
    observed: observed([], { timeouts: TIMEOUTS, daemons: [RUNNING], sysctls: { sync_ports: '1' } }),
    owned: new Map([['sync-daemon Master', { object: EDGE, set: 'default' }]]),
  });
  expect(planChanges(input).changes.map(({ operation }) => operation.kind)).toEqual([
    'StopDaemon',
    'SetSysctl',
    'SetTimeouts',
    'AddService',
    'AddServer',
    'StartDaemon',
  ]);
});

test('a plan within a scope leaves the director alone', () => {
  const scope = new Set<string>();
  expect(plan({ daemons: [MASTER], timeouts: { tcpSeconds: 1 } }, {}, {}, { scope }).changes).toEqual([]);
});

test('only what is declared, or was, has to be read', () => {
  const nothing = { timeouts: false, daemons: false, sysctls: [] };
  const ours = new Map([['sync-daemon Backup', { object: EDGE, set: 'default' }]]);
  expect(observationNeeds({ director: null }, new Map())).toEqual(nothing);
  expect(observationNeeds({ director: director() }, new Map())).toEqual(nothing);
  expect(observationNeeds({ director: null }, ours)).toEqual({ ...nothing, daemons: true });
  const all = director({ daemons: [MASTER], timeouts: { udpSeconds: 1 }, sysctls: { sync_ports: '1' } });
  expect(observationNeeds({ director: all }, new Map())).toEqual({
    timeouts: true,
    daemons: true,
    sysctls: ['sync_ports'],
  });
});

test('a daemon of which nobody knows whether it shall run stays as it is, running or not', () => {
  const owner: Owner = { object: EDGE, set: 'default' };
  const fields = { keptDaemons: ['Master' as const], daemons: [BACKUP] };
  expect(texts(plan(fields, { daemons: [RUNNING] }, { 'sync-daemon Master': owner }))).toEqual([
    'start the Backup sync daemon on eth0',
  ]);
  expect(plan({ keptDaemons: ['Master'] }, { daemons: [] }, { 'sync-daemon Master': owner }).stale).toEqual([]);
});
