import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeOnNode, sameNodeState } from '../../src/status/index.js';
import type { ObjectFacts, Part, Standing } from '../../src/status/index.js';
import { facts, failed, part } from './facts.js';

const V4 = 'TCP 10.0.0.1:80';
const V6 = 'TCP [2001:db8::1]:80';
const OTHER = 'VirtualService shop/other';

const KEEPS_CLIENTS =
  'clients with persistence come back to servers with weight 0, unless the sysctl expire_quiescent_template is 1';

function draining(name: string, keepsClients = false): Part {
  const { standing, pool } = part(name);
  return { name, standing, ...(pool === undefined ? {} : { pool: { ...pool, leaving: 1, keepsClients } }) };
}

function reasonAndMessage(fields: Partial<ObjectFacts>): string {
  const { reason, message } = describeOnNode(facts(fields));
  return message === '' ? reason : `${reason} | ${message}`;
}

describe('the reason of a node', () => {
  test.each<readonly [string, Partial<ObjectFacts>, string]>([
    ['nothing is wrong', {}, 'Programmed'],
    [
      'a field is wrong',
      { faults: [{ path: 'spec.realServers[2].weight', reason: 'InvalidValue', message: 'expected 0..655' }] },
      'InvalidSpec | spec.realServers[2].weight: expected 0..655',
    ],
    [
      'an address is not allowed',
      { faults: [{ path: 'spec.addresses[0]', reason: 'NotAllowed', message: '10.0.0.1 is not for you' }] },
      'NotAllowed | spec.addresses[0]: 10.0.0.1 is not for you',
    ],
    ['it is suspended', { isSuspended: true }, 'Suspended | left as it is in the kernel'],
    ['servers drain', { parts: [draining(V4), part(V6)] }, `Draining | servers that are removed drain (${V4})`],
    [
      'servers drain, and persistent clients come back to them',
      { parts: [draining(V4, true)] },
      `Draining | servers that are removed drain (${V4}); ${KEEPS_CLIENTS} (${V4})`,
    ],
    [
      'a service drains that it does not declare any more',
      { departing: [{ name: V6, keepsClients: true }] },
      `Draining | ${V6} drains before it goes; ${KEEPS_CLIENTS} (${V6})`,
    ],
    [
      'another object has all of it',
      { parts: [part(V4, { kind: 'Lost', to: OTHER })] },
      `Conflict | ${V4} belongs to ${OTHER}`,
    ],
    [
      'another object has a part of it',
      { parts: [part(V4, { kind: 'Lost', to: OTHER }), part(V6)] },
      `PartialConflict | ${V4} belongs to ${OTHER}`,
    ],
    [
      'another Director is older',
      { rival: 'Director old', parts: [] },
      'Conflict | Director old is older and applies to this node',
    ],
    [
      'someone else made the service',
      { parts: [part(V4, { kind: 'Foreign' })] },
      `ForeignService | ${V4}: another program made it, and adoption is not allowed`,
    ],
    [
      'the kernel refuses it',
      { parts: [part(V4, failed('ERANGE'))] },
      `ProgrammingFailed | ${V4}: add it: no, because of ERANGE`,
    ],
    [
      'the kernel has no such scheduler',
      { parts: [part(V4, failed('ENOENT')), part(V6, failed('ENOENT'))] },
      `UnsupportedByKernel | ${V4}, ${V6}: add it: no, because of ENOENT`,
    ],
    [
      'a server vanished meanwhile',
      { parts: [part(V4, failed('ENOENT', 'EditServer'))] },
      `ProgrammingFailed | ${V4}: add it: no, because of ENOENT`,
    ],
    [
      'the kernel cannot be asked',
      { parts: [part(V4, { kind: 'Unreachable', message: 'no ip_vs' })] },
      `KernelUnavailable | ${V4}: no ip_vs`,
    ],
    [
      'one family has no servers',
      { parts: [part(V4), part(V6, { kind: 'Programmed' }, 0, 0)] },
      `NoServers | no real server takes new connections of IPv6 (${V6})`,
    ],
    [
      'sorry servers stand in',
      { parts: [{ ...part(V4), pool: { family: 'IPv4', healthy: 0, total: 2, standIn: 'SorryServers' } }] },
      `SorryServersInUse | sorry servers take the new connections of IPv4 (${V4})`,
    ],
    [
      'all fail and are kept',
      { parts: [{ ...part(V4), pool: { family: 'IPv4', healthy: 0, total: 2, standIn: 'FailingServers' } }] },
      `AllFailing | every real server of IPv4 fails, and all are kept (${V4})`,
    ],
    [
      'a person has to allow that services go',
      { heldBack: ['TCP 10.0.0.2:80'] },
      'RemovalsHeldBack | TCP 10.0.0.2:80 would go, with so many others that a person has to allow it',
    ],
    [
      'servers that were found cannot be used',
      { remarks: [{ path: 'spec.realServersFrom', reason: 'NotAllowed', message: '127.0.0.1 is left out' }] },
      'ServersLeftOut | spec.realServersFrom: 127.0.0.1 is left out',
    ],
    [
      'several things are wrong: the most serious one first',
      { parts: [part(V4, failed('EINVAL')), part(V6, { kind: 'Lost', to: OTHER })] },
      `PartialConflict | ${V6} belongs to ${OTHER}; ${V4}: add it: no, because of EINVAL`,
    ],
  ])('where %s', (_, fields, expected) => {
    expect(reasonAndMessage(fields)).toBe(expected);
  });
});

describe('the numbers of a node', () => {
  test('servers are counted once for each family, by the service that is worst off', () => {
    const parts = [
      part(V4, { kind: 'Programmed' }, 3, 3),
      part('TCP 10.0.0.1:443', { kind: 'Programmed' }, 2, 3),
      part(V6, { kind: 'Programmed' }, 1, 1),
    ];
    expect(describeOnNode(facts({ parts }))).toMatchObject({ programmed: 3, healthy: 3, total: 4 });
  });

  test('servers of services that others have take no connections for this object', () => {
    const parts = [part(V4, { kind: 'Lost', to: OTHER }, 3, 3)];
    expect(describeOnNode(facts({ parts }))).toMatchObject({ programmed: 0, healthy: 0, total: 3 });
  });

  test('a Director has no servers', () => {
    const state = describeOnNode(facts({ parts: [{ name: 'timeouts', standing: { kind: 'Programmed' } }] }));
    expect(state).toEqual({ observedGeneration: 1, programmed: 1, reason: 'Programmed', message: '' });
  });
});

const standings: fc.Arbitrary<Standing> = fc.oneof(
  fc.constantFrom<Standing>(
    { kind: 'Programmed' },
    { kind: 'Foreign' },
    { kind: 'LeftAlone' },
    { kind: 'Lost', to: OTHER },
  ),
  fc.string().map((message): Standing => ({ kind: 'Unsupported', message })),
);

test('however much there is to say, a message is bounded, and the same facts give the same state', () => {
  const many = fc.array(fc.tuple(fc.nat(5000), standings), { maxLength: 200 });
  fc.assert(
    fc.property(many, fc.array(fc.string({ maxLength: 3000 }), { maxLength: 5 }), (list, texts) => {
      const input = facts({
        parts: list.map(([port, standing]) => part(`TCP 10.0.0.1:${port}`, standing)),
        faults: texts.map((message) => ({ path: 'spec', reason: 'InvalidValue', message })),
      });
      const state = describeOnNode(input);
      expect(state.message.length).toBeLessThanOrEqual(1024);
      expect(sameNodeState({ node: 'a', ...state }, describeOnNode(input))).toBe(true);
    }),
  );
});
