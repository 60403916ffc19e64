import { describe, expect, test } from 'vitest';
import { describeMoment, keyOf, policy, real, weights } from './service.js';

const POOL = [real('a'), real('b', 2), real('c')];

describe('servers that fail', () => {
  test('all that pass are as declared', () => {
    expect(weights(describeMoment({ declared: POOL }))).toBe('a1 b2 c1');
  });

  test('one that fails goes, or keeps its connections', () => {
    expect(weights(describeMoment({ declared: POOL, failing: 'b' }))).toBe('a1 c1');
    const state = describeMoment({ declared: POOL, failing: 'b', policy: policy({ onFailure: 'ZeroWeight' }) });
    expect(weights(state)).toBe('a1 b0 c1');
    expect(state.healthy).toBe(2);
  });

  test('all that fail go, or all stay', () => {
    expect(weights(describeMoment({ declared: POOL, failing: 'abc' }))).toBe('');
    const keep = policy({ whenNoneAvailable: 'KeepAll' });
    expect(weights(describeMoment({ declared: POOL, failing: 'abc', policy: keep }))).toBe('a1 b2 c1');
    expect(weights(describeMoment({ declared: POOL, failing: 'ab', policy: keep }))).toBe('c1');
  });

  test('KeepAll keeps no server that a person took out', () => {
    const keep = policy({ whenNoneAvailable: 'KeepAll' });
    expect(weights(describeMoment({ declared: POOL, failing: 'ab', drained: 'ac', policy: keep }))).toBe('b2 c0');
  });

  test('one that is drained by a person, or declared so, gets no connections', () => {
    expect(weights(describeMoment({ declared: [real('a'), real('b', 0), real('c')], drained: 'c' }))).toBe('a1 b0 c0');
  });
});

describe('the quorum', () => {
  const two = policy({ quorum: { measure: 'Count', minimum: 2, hysteresis: 0 }, sorryServers: [real('z')] });

  test('sorry servers stand in while it is lost; healthy servers keep their connections', () => {
    const state = describeMoment({ declared: POOL, failing: 'ab', policy: two });
    expect(weights(state)).toBe('c0 z1');
    expect(state).toMatchObject({ isSorry: true, hasQuorum: false, healthy: 1 });
    expect(weights(describeMoment({ declared: POOL, failing: 'a', policy: two, past: state }))).toBe('b2 c1');
  });

  test('without sorry servers it changes nothing', () => {
    const state = describeMoment({ declared: POOL, failing: 'ab', policy: { ...two, sorryServers: [] } });
    expect(weights(state)).toBe('c1');
    expect(state).toMatchObject({ isSorry: false, hasQuorum: false });
  });

  test('sorry servers that take no connections do not stand in', () => {
    const policies = [
      { ...two, sorryServers: [real('z', 0)] },
      { ...two, sorryServers: [real('y')] },
    ];
    for (const one of policies) {
      expect(weights(describeMoment({ declared: POOL, failing: 'ab', drained: 'y', policy: one }))).toBe('c1');
    }
  });

  test('a sorry server may be a real server, failing or not', () => {
    const same = { ...two, sorryServers: [real('c', 5)] };
    expect(weights(describeMoment({ declared: POOL, failing: 'ab', policy: same }))).toBe('c5');
    expect(weights(describeMoment({ declared: POOL, failing: 'abc', policy: same }))).toBe('c5');
    expect(weights(describeMoment({ declared: POOL, policy: same }))).toBe('a1 b2 c1');
  });

  test('a lost one is back when it is exceeded by the hysteresis', () => {
    const slow = { ...two, quorum: { measure: 'Count', minimum: 1, hysteresis: 1 } } as const;
    const lost = describeMoment({ declared: POOL, failing: 'abc', policy: slow });
    const one = describeMoment({ declared: POOL, failing: 'ab', policy: slow, past: lost });
    expect(one.isSorry).toBe(true);
    const both = describeMoment({ declared: POOL, failing: 'a', policy: slow, past: one });
    expect(both.isSorry).toBe(false);
    expect(describeMoment({ declared: POOL, failing: 'ab', policy: slow, past: both }).isSorry).toBe(false);
  });

  test('a pool that is whole has its quorum back however large the hysteresis', () => {
    const slow = { ...two, quorum: { measure: 'Count', minimum: 1, hysteresis: 100 } } as const;
    const lost = describeMoment({ declared: POOL, failing: 'abc', policy: slow });
    expect(describeMoment({ declared: POOL, failing: 'a', policy: slow, past: lost }).hasQuorum).toBe(false);
    expect(describeMoment({ declared: POOL, policy: slow, past: lost }).hasQuorum).toBe(true);
  });

  test('a server that a person took out is not missing from the pool', () => {
    const slow = { ...two, quorum: { measure: 'Count', minimum: 1, hysteresis: 100 } } as const;
    const lost = describeMoment({ declared: POOL, failing: 'abc', drained: 'c', policy: slow });
    const some = describeMoment({ declared: POOL, failing: 'a', drained: 'c', policy: slow, past: lost });
    expect(some.hasQuorum).toBe(false);
    const whole = describeMoment({ declared: POOL, drained: 'c', policy: slow, past: lost });
    expect(weights(whole)).toBe('a1 b2 c0');
    expect(whole.hasQuorum).toBe(true);
  });

  test('it may be a sum of weights', () => {
    const heavy = { ...two, quorum: { measure: 'Weight', minimum: 3, hysteresis: 0 } } as const;
    expect(describeMoment({ declared: POOL, failing: 'c', policy: heavy }).hasQuorum).toBe(true);
    expect(describeMoment({ declared: POOL, failing: 'b', policy: heavy }).hasQuorum).toBe(false);
  });
});

describe('slow start', () => {
  const slow = policy({ slowStartMilliseconds: 10_000 });
  const pool = [real('a', 100), real('b', 100)];

  test('at first sight nothing ramps', () => {
    expect(weights(describeMoment({ declared: pool, policy: slow }))).toBe('a100 b100');
  });

  test('a server that comes back ramps up in steps, and says when the next one is', () => {
    let past = describeMoment({ declared: pool, policy: slow });
    past = describeMoment({ declared: pool, policy: slow, failing: 'b', past });
    past = describeMoment({ declared: pool, policy: slow, past, seconds: 5 });
    expect(weights(past)).toBe('a100 b9');
    const seen: string[] = [];
    while (past.nextMilliseconds !== undefined) {
      past = describeMoment({ declared: pool, policy: slow, past, seconds: past.nextMilliseconds / 1000 });
      seen.push(weights(past));
    }
    expect(seen).toHaveLength(10);
    expect(seen.at(-1)).toBe('a100 b100');
  });

  test('a new server of a known service ramps up', () => {
    const past = describeMoment({ declared: pool, policy: slow });
    const state = describeMoment({ declared: [...pool, real('c', 100)], policy: slow, past });
    expect(weights(state)).toBe('a100 b100 c9');
  });

  test('one that fails while it ramps begins anew', () => {
    const first = describeMoment({ declared: pool, policy: slow, failing: 'b' });
    const ramping = describeMoment({ declared: pool, policy: slow, past: first });
    const failed = describeMoment({ declared: pool, policy: slow, past: ramping, failing: 'b', seconds: 8 });
    expect(weights(describeMoment({ declared: pool, policy: slow, past: failed, seconds: 9 }))).toBe('a100 b9');
  });

  test('what was kept since nothing else was left takes its share slowly too, as all others', () => {
    const keep = { ...slow, whenNoneAvailable: 'KeepAll' } as const;
    const none = describeMoment({
      declared: pool,
      policy: keep,
      failing: 'ab',
      past: describeMoment({ declared: pool }),
    });
    expect(weights(none)).toBe('a100 b100');
    expect(weights(describeMoment({ declared: pool, policy: keep, past: none }))).toBe('a9 b9');
  });
});

describe('drains', () => {
  const draining = policy({ drainMilliseconds: 30_000 });

  test('a removed server goes at once without drain', () => {
    const past = describeMoment({ declared: POOL });
    expect(weights(describeMoment({ declared: [real('a')], past }))).toBe('a1');
  });

  test('a removed server keeps its connections until its time is up', () => {
    let past = describeMoment({ declared: POOL, policy: draining });
    past = describeMoment({ declared: [real('a')], policy: draining, past });
    expect(weights(past)).toBe('a1 b0 c0');
    expect(past.nextMilliseconds).toBe(30_000);
    past = describeMoment({ declared: [real('a')], policy: draining, past, seconds: 29 });
    expect(weights(past)).toBe('a1 b0 c0');
    expect(weights(describeMoment({ declared: [real('a')], policy: draining, past, seconds: 30 }))).toBe('a1');
  });

  test('or until they have ended', () => {
    const before = describeMoment({ declared: POOL, policy: draining });
    const past = describeMoment({ declared: [real('a')], policy: draining, past: before });
    expect(weights(describeMoment({ declared: [real('a')], policy: draining, past, ended: 'b' }))).toBe('a1 c0');
  });

  test('one that is declared again stays', () => {
    const before = describeMoment({ declared: POOL, policy: draining });
    const past = describeMoment({ declared: [real('a')], policy: draining, past: before });
    const state = describeMoment({ declared: POOL, policy: draining, past });
    expect(weights(state)).toBe('a1 b2 c1');
    expect(state.leaving.size).toBe(0);
  });

  test('one that fails is not drained', () => {
    const past = describeMoment({ declared: POOL, policy: draining });
    expect(weights(describeMoment({ declared: POOL, policy: draining, past, failing: 'b' }))).toBe('a1 c1');
  });

  test('a sorry server that a person takes out keeps its connections, until it is let in again', () => {
    const sorry = policy({ sorryServers: [real('z')] });
    for (const one of [sorry, { ...sorry, drainMilliseconds: 30_000 }]) {
      let past = describeMoment({ declared: POOL, policy: one, failing: 'abc' });
      expect(weights(past)).toBe('z1');
      past = describeMoment({ declared: POOL, policy: one, failing: 'abc', drained: 'z', past });
      expect(weights(past)).toBe('z0');
      expect(past).toMatchObject({ isSorry: false, nextMilliseconds: undefined });
      past = describeMoment({ declared: POOL, policy: one, drained: 'z', past, seconds: 99 });
      expect(weights(past)).toBe('a1 b2 c1 z0');
      const again = describeMoment({ declared: POOL, policy: one, failing: 'abc', past, seconds: 99 });
      expect(weights(again)).toBe('z1');
    }
  });

  test('one that leaves already goes on to, and one that does not stand in stays out', () => {
    const sorry = { ...draining, sorryServers: [real('z')] };
    const before = describeMoment({ declared: POOL, policy: sorry, failing: 'abc' });
    const past = describeMoment({ declared: POOL, policy: sorry, past: before });
    const state = describeMoment({ declared: POOL, policy: sorry, drained: 'z', past });
    expect([...state.leaving.keys()]).toEqual([keyOf('z')]);
    expect(weights(describeMoment({ declared: POOL, policy: sorry, drained: 'z', past, seconds: 30 }))).toBe(
      'a1 b2 c1',
    );
  });

  test('sorry servers keep their connections when the quorum is back', () => {
    const sorry = { ...draining, sorryServers: [real('z')] };
    const past = describeMoment({ declared: POOL, policy: sorry, failing: 'abc' });
    const state = describeMoment({ declared: POOL, policy: sorry, past });
    expect(weights(state)).toBe('a1 b2 c1 z0');
    expect([...state.leaving.keys()]).toEqual([keyOf('z')]);
  });
});
