import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sameObjectStatus, summariseStatus } from '../../src/status/index.js';
import type { NodeEntry, StatusInput } from '../../src/status/index.js';
import { entry } from './facts.js';

const NOW = new Date('2026-03-01T12:00:00.500Z');
const LATER = new Date('2026-03-01T12:05:00Z');

function input(entries: readonly NodeEntry[], fields: Partial<StatusInput> = {}): StatusInput {
  return { generation: 1, entries, previous: [], now: NOW, ...fields };
}

function conditionsOf(entries: readonly NodeEntry[]): Readonly<Record<string, string>> {
  const { conditions } = summariseStatus(input(entries));
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

describe('conditions', () => {
  test.each<readonly [string, readonly NodeEntry[], string, string, string]>([
    ['all directors have it', [entry('a'), entry('b')], 'True Accepted', 'True Programmed', 'True Ready'],
    ['no director has taken it up', [], 'Unknown NoDirectors', 'False NoDirectors', 'False NoDirectors'],
    [
      'one of two failed',
      [entry('a'), entry('b', { reason: 'ProgrammingFailed', message: 'no' })],
      'True Accepted',
      'False PartiallyProgrammed',
      'False ProgrammingFailed',
    ],
    [
      'all failed',
      [entry('a', { reason: 'UnsupportedByKernel' }), entry('b', { reason: 'ProgrammingFailed' })],
      'True Accepted',
      'False UnsupportedByKernel',
      'False UnsupportedByKernel',
    ],
    ['there is a conflict', [entry('a', { reason: 'Conflict' })], 'False Conflict', 'False Conflict', 'False Conflict'],
    [
      'a service is foreign',
      [entry('a', { reason: 'ForeignService' })],
      'False ForeignService',
      'False ForeignService',
      'False ForeignService',
    ],
    [
      'the spec is wrong',
      [entry('a', { reason: 'InvalidSpec' })],
      'False InvalidSpec',
      'False InvalidSpec',
      'False InvalidSpec',
    ],
    [
      'it is suspended',
      [entry('a', { reason: 'Suspended' })],
      'True Accepted',
      'Unknown Suspended',
      'Unknown Suspended',
    ],
    [
      'a family has no servers',
      [entry('a', { reason: 'NoServers' })],
      'True Accepted',
      'True Programmed',
      'False NoServers',
    ],
    [
      'something is left over',
      [entry('a', { reason: 'RemovalsHeldBack' })],
      'True Accepted',
      'False RemovalsHeldBack',
      'True Ready',
    ],
    [
      'a newer version says a new word',
      [entry('a', { reason: 'Frobnicated' })],
      'Unknown Frobnicated',
      'Unknown Frobnicated',
      'Unknown Frobnicated',
    ],
  ])('where %s', (_, entries, accepted, programmed, ready) => {
    expect(conditionsOf(entries)).toEqual({ Accepted: accepted, Programmed: programmed, Ready: ready });
  });

  test('name the directors and what they say, each text once', () => {
    const message = 'spec.addresses[0]: not allowed';
    const entries = [entry('a'), ...['b', 'c'].map((node) => entry(node, { reason: 'NotAllowed', message }))];
    const [accepted] = summariseStatus(input(entries)).conditions;
    expect(accepted?.message).toBe('on 2 of 3 directors (b, c): spec.addresses[0]: not allowed');
  });

  test('keep their time as long as their status stays, and not the reason', () => {
    const first = summariseStatus(input([entry('a', { reason: 'Conflict' })]));
    const previous = first.conditions;
    const second = summariseStatus(input([entry('a', { reason: 'NoServers' })], { previous, now: LATER }));
    expect(second.conditions.map(({ type, lastTransitionTime }) => `${type} ${lastTransitionTime}`)).toEqual([
      'Accepted 2026-03-01T12:05:00Z',
      'Programmed 2026-03-01T12:05:00Z',
      'Ready 2026-03-01T12:00:00Z',
    ]);
  });

  test('are about the generation that all directors know', () => {
    const entries = [entry('a', { observedGeneration: 4 }), entry('b', { observedGeneration: 3 })];
    const status = summariseStatus(input(entries, { generation: 4 }));
    expect(status.observedGeneration).toBe(3);
    expect(status.conditions.map(({ observedGeneration }) => observedGeneration)).toEqual([3, 3, 3]);
  });
});

describe('the summary', () => {
  test('has the addresses, the ports once each, and the director with the fewest servers', () => {
    const spec = {
      addresses: ['10.0.0.1', '2001:db8::1'],
      ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }, { port: 80 }],
    };
    const entries = [
      entry('a', { healthy: 3, total: 3 }),
      entry('b', { healthy: 1, total: 3, reason: 'KernelUnavailable' }),
    ];
    expect(summariseStatus(input(entries, { spec })).summary).toEqual({
      addresses: '10.0.0.1,2001:db8::1',
      ports: '53,80',
      protocols: 'UDP,TCP',
      ready: '1/3',
      directors: '1/2',
    });
  });

  test('shows a firewall mark in the place of addresses', () => {
    const { summary } = summariseStatus(input([], { spec: { firewallMark: { value: 7 } } }));
    expect(summary).toMatchObject({ addresses: 'FWM 7', ports: '', ready: '0/0', directors: '0/0' });
  });
});

const reasons = fc.constantFrom('Programmed', 'Conflict', 'NoServers', 'KernelUnavailable', 'Suspended', 'Other');
const entries = fc.uniqueArray(
  fc.record({
    node: fc.string({ minLength: 1 }),
    reason: reasons,
    message: fc.string({ maxLength: 2000 }),
    observedGeneration: fc.nat(3),
  }),
  { selector: ({ node }) => node, maxLength: 70 },
);

test('the order of entries means nothing, and the same entries leave nothing to write', () => {
  fc.assert(
    fc.property(
      entries.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        const status = summariseStatus(input(list, { spec: {} }));
        const again = summariseStatus(input(shuffled, { spec: {}, previous: status.conditions, now: LATER }));
        expect(sameObjectStatus(status, again)).toBe(true);
        for (const { message } of status.conditions) expect(message.length).toBeLessThanOrEqual(1024);
      },
    ),
  );
});
