import { expect, test } from 'vitest';
import { statusEvent } from '../../../src/adapters/kubernetes/status-events.js';
import type { NodeReason } from '../../../src/status/index.js';

test.each<readonly [string, string | undefined, NodeReason, string | undefined]>([
  ['what goes wrong makes an Event', 'Programmed', 'Conflict', 'Warning | Conflict | it is Conflict'],
  [
    'what is wrong from the beginning too',
    undefined,
    'ForeignService',
    'Warning | ForeignService | it is ForeignService',
  ],
  ['what comes right again too', 'NoServers', 'Programmed', 'Normal | Programmed | in the kernel as it is declared'],
  ['what is right from the beginning does not', undefined, 'Programmed', undefined],
  ['what stays as bad as it was does not', 'Conflict', 'Conflict', undefined],
  ['what somebody asked for does not', 'Programmed', 'Suspended', undefined],
  ['what is told with its servers does not', 'Programmed', 'SorryServersInUse', undefined],
])('%s', (_, from, to, expected) => {
  const message = to === 'Programmed' ? '' : `it is ${to}`;
  const before = from === undefined ? undefined : { node: 'a', reason: from };
  const event = statusEvent({
    ...{ object: 'VirtualService shop/web', uid: 'u1', before },
    state: { programmed: 0, reason: to, message },
  });
  expect(event && [event.type, event.reason, event.note].join(' | ')).toBe(expected);
});
