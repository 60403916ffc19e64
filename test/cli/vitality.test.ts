import { describe, expect, it } from 'vitest';
import { readiness, Vitality } from '../../src/cli/controller/vitality.js';
import { snapshotWith } from './controller-snapshot.js';

const ERROR = { kind: 'RoundFailed', error: new Error('no kernel'), retryMilliseconds: 1000 } as const;

describe('the loop', () => {
  it.each([
    [30, 300],
    [3600, 10_860],
  ])('with a resync of %i s has %i s for the time before its first turn, and is stuck then', (resync, seconds) => {
    const vitality = new Vitality(resync, 5000);
    const after = (elapsed: number) => vitality.liveness(snapshotWith({ nowMilliseconds: 5000 + elapsed * 1000 }));
    expect(after(seconds).isGood).toBe(true);
    expect(after(seconds + 1)).toEqual({ isGood: false, reason: `no turn of the loop for ${seconds + 1} s` });
  });

  it('lives on for three resyncs and a minute after a turn, whether or not that turn succeeded', () => {
    const vitality = new Vitality(30, 0);
    vitality.observe(ERROR, 10_000);
    expect(vitality.liveness(snapshotWith({ nowMilliseconds: 160_000 })).isGood).toBe(true);
    expect(vitality.liveness(snapshotWith({ nowMilliseconds: 161_000 }))).toEqual({
      isGood: false,
      reason: 'no turn of the loop for 151 s',
    });
  });

  it('is stuck when a round does not end', () => {
    const current = { kind: 'Full', startMilliseconds: 0 } as const;
    expect(new Vitality(30, 0).liveness(snapshotWith({ nowMilliseconds: 200_000, current }))).toEqual({
      isGood: false,
      reason: 'a round has been running for 200 s',
    });
  });
});

describe('the controller', () => {
  it('is ready once every source was read and the kernel was made so', () => {
    expect(readiness(snapshotWith())).toEqual({ isGood: true, reason: 'ok' });
    expect(readiness(snapshotWith({ lastFullRound: null })).isGood).toBe(false);
  });

  it('is not ready while it waits for a source, and says for which', () => {
    const [source] = snapshotWith().sources;
    const state = { kind: 'Away', reason: '/x: no such file or folder' } as const;
    const sources = source === undefined ? [] : [{ ...source, state, isComplete: false }];
    expect(readiness(snapshotWith({ sources }))).toEqual({
      isGood: false,
      reason: 'files /etc/ipvs-operator: /x: no such file or folder',
    });
  });
});
