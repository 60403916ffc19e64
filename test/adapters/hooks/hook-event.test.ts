import { expect, test } from 'vitest';
import { hookEventsOf } from '../../../src/adapters/hooks/index.js';
import type { ControllerEvent } from '../../../src/reconcile/index.js';

const NOW = new Date('2026-01-05T10:00:00Z');
const time = '2026-01-05T10:00:00.000Z';
const WEB = { object: 'VirtualService shop/web', service: 'TCP 10.0.0.1:80' } as const;
const A = '192.168.0.1:80';

test.each<[string, ControllerEvent, readonly object[]]>([
  [
    'servers that fail and pass',
    {
      kind: 'ServersChanged',
      changes: [
        {
          ...WEB,
          server: A,
          isPassing: false,
          cause: { code: 'L4CON', message: 'connection refused', latencyMilliseconds: 1 },
        },
        { ...WEB, server: A, isPassing: true, cause: { code: 'L7OK', message: '', latencyMilliseconds: 1 } },
      ],
    },
    [
      { time, event: 'ServerDown', ...WEB, server: A, reason: 'L4CON connection refused' },
      { time, event: 'ServerUp', ...WEB, server: A, reason: 'L7OK' },
    ],
  ],
  [
    'a lost quorum',
    { kind: 'QuorumChanged', ...WEB, holds: false, hasSorryServers: true },
    [{ time, event: 'QuorumLost', ...WEB }],
  ],
  ['sorry servers', { kind: 'SorryServers', ...WEB, areInUse: true }, [{ time, event: 'SorryServersInUse', ...WEB }]],
  [
    'drains',
    {
      kind: 'DrainsChanged',
      changes: [
        { ...WEB, server: A, step: 'TimeIsUp' },
        { ...WEB, server: null, step: 'Began' },
      ],
    },
    [
      { time, event: 'DrainEnded', ...WEB, server: A, reason: 'its time is up' },
      { time, event: 'DrainBegan', ...WEB },
    ],
  ],
  ['nothing else', { kind: 'KernelReachable' }, []],
])('hooks are told of %s', (_, event, expected) => {
  expect(hookEventsOf(event, NOW)).toEqual(expected);
});
