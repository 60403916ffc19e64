import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_LEASE_TIMING, LeaseElector } from '../../../src/adapters/kubernetes/lease-elector.js';
import type { LeaseRole } from '../../../src/adapters/kubernetes/lease-elector.js';
import { ManualClock } from '../../reconcile/manual-clock.js';
import { manualPacing, manualTime } from './manual-pacing.js';
import { MemoryApi } from './memory-api.js';
import type { Fault } from './memory-api.js';

const PATH = '/apis/coordination.k8s.io/v1/namespaces/lb/leases/ipvs-operator';

interface Participant {
  readonly role: () => LeaseRole;
  readonly stop: () => Promise<void>;
}

interface Bench {
  readonly api: MemoryApi;
  readonly clock: ManualClock;
  readonly start: (identity: string) => Participant;
  /** Every change of a role: `a Leader`. */
  readonly told: string[];
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

function bench(): Bench {
  const clock = new ManualClock();
  const api = new MemoryApi(clock);
  const told: string[] = [];
  const start = (identity: string): Participant => {
    const elector = new LeaseElector({
      client: api.client(identity),
      lease: { namespace: 'lb', name: 'ipvs-operator' },
      identity,
      timing: DEFAULT_LEASE_TIMING,
      pacing: manualPacing(clock),
      now: manualTime(clock),
      onRole: (role) => told.push(`${identity} ${role}`),
    });
    const ending = new AbortController();
    const running = elector.run(ending.signal);
    const stop = async (): Promise<void> => {
      ending.abort();
      await running;
    };
    open.push(stop);
    return { role: () => elector.role, stop };
  };
  return { api, clock, start, told };
}

function faultsOf(faults: Readonly<Record<string, Fault>>): MemoryApi['fault'] {
  return (_, user) => faults[user];
}

describe('an election', () => {
  test('has one leader, and the others follow', async () => {
    const { api, clock, start } = bench();
    const participants = ['a', 'b', 'c'].map(start);
    await clock.advance(60_000);
    expect(participants.map(({ role }) => role()).sort()).toEqual(['Follower', 'Follower', 'Leader']);
    expect(api.get(PATH)).toMatchObject({ spec: { leaseDurationSeconds: 15, leaseTransitions: 0 } });
  });

  test('goes to another one at once where the leader resigns', async () => {
    const { api, clock, start } = bench();
    const a = start('a');
    await clock.advance(3000);
    const b = start('b');
    await clock.advance(3000);
    await a.stop();
    expect(api.get(PATH)).toMatchObject({ spec: { holderIdentity: '' } });
    await clock.advance(3000);
    expect([a.role(), b.role()]).toEqual(['Unknown', 'Leader']);
    expect(api.get(PATH)).toMatchObject({ spec: { holderIdentity: 'b', leaseTransitions: 1 } });
  });

  test('goes to another one when the leader has not renewed for the whole duration', async () => {
    const { api, clock, start, told } = bench();
    start('a');
    await clock.advance(3000);
    start('b');
    await clock.advance(3000);
    api.fault = faultsOf({ a: 'Hang' });
    await clock.advance(10_000);
    expect(told).toEqual(['a Leader', 'b Follower', 'a Unknown']);
    await clock.advance(10_000);
    expect(told.slice(3)).toEqual(['b Leader']);
    api.fault = () => undefined;
    await clock.advance(20_000);
    expect(told.slice(4)).toEqual(['a Follower']);
  });

  test('does not believe the clocks of others', async () => {
    const { api, clock, start, told } = bench();
    const lease = { holderIdentity: 'old', leaseDurationSeconds: 15, renewTime: '1999-01-01T00:00:00.000000Z' };
    await api.client().request({
      method: 'POST',
      path: PATH.slice(0, PATH.lastIndexOf('/')),
      body: { metadata: { name: 'ipvs-operator' }, spec: lease },
    });
    start('a');
    await clock.advance(14_000);
    expect(told).toEqual(['a Follower']);
    await clock.advance(4000);
    expect(told).toEqual(['a Follower', 'a Leader']);
  });

  test('is unknown to everybody while the API server is away, and goes on as it was afterwards', async () => {
    const { api, clock, start, told } = bench();
    start('a');
    await clock.advance(3000);
    start('b');
    await clock.advance(3000);
    api.fault = () => 500;
    await clock.advance(12_000);
    expect(told).toEqual(['a Leader', 'b Follower', 'b Unknown', 'a Unknown']);
    api.fault = () => undefined;
    await clock.advance(3000);
    expect([...told.slice(4)].sort()).toEqual(['a Leader', 'b Follower']);
  });

  test('a leader that starts again leads again', async () => {
    const { api, clock, start } = bench();
    start('a');
    await clock.advance(3000);
    api.fault = faultsOf({ a: 500 });
    await open.pop()?.();
    api.fault = () => undefined;
    const again = start('a');
    await clock.settle();
    expect(again.role()).toBe('Leader');
    expect(api.get(PATH)).toMatchObject({ spec: { leaseTransitions: 0 } });
  });
});

const steps = fc.array(
  fc.record({
    milliseconds: fc.integer({ min: 100, max: 9000 }),
    faults: fc.array(fc.constantFrom<Fault | undefined>(undefined, undefined, 500, 409, 'Hang'), {
      minLength: 3,
      maxLength: 3,
    }),
  }),
  { minLength: 5, maxLength: 15 },
);

test('whatever answers fail or hang, there are never two leaders', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const { api, clock, start } = bench();
      const participants = ['a', 'b', 'c'].map(start);
      for (const { milliseconds, faults } of script) {
        api.fault = (_, user) => faults['abc'.indexOf(user)];
        for (let left = milliseconds; left > 0; left -= 500) {
          await clock.advance(Math.min(500, left));
          expect(participants.filter(({ role }) => role() === 'Leader').length).toBeLessThanOrEqual(1);
        }
      }
      api.fault = () => undefined;
      await clock.advance(40_000);
      expect(participants.filter(({ role }) => role() === 'Leader')).toHaveLength(1);
      await Promise.all(open.splice(0).map((stop) => stop()));
    }),
    { numRuns: 15 },
  );
});
