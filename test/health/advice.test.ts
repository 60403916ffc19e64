import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advisedWeight, judge, NOTHING_ADVISED, unaskedState } from '../../src/health/index.js';
import type { Advice, Advised, CheckState } from '../../src/health/index.js';

const percent = (value: number): Advised => ({ ...NOTHING_ADVISED, weight: { kind: 'Percent', percent: value } });
const absolute = (weight: number): Advised => ({ ...NOTHING_ADVISED, weight: { kind: 'Absolute', weight } });
const DRAIN: Advised = { ...NOTHING_ADVISED, mode: 'Drain' };

describe('the weight of a server', () => {
  test.each([
    ['is the declared one where nothing is said', 7, 1, [NOTHING_ADVISED, NOTHING_ADVISED], 7],
    ['is a part of the declared one', 10, 1, [percent(50)], 5],
    ['may be more than the declared one', 10, 1, [percent(150)], 15],
    ['is not 0 by rounding', 1, 1, [percent(1)], 1],
    ['is 0 where 0% is said', 10, 1, [percent(0)], 0],
    ['is another one instead', 10, 1, [absolute(3)], 3],
    ['is another one instead, as the kernel counts with slow start', 1000, 100, [absolute(3)], 300],
    ['is 0 where 0 is said', 10, 1, [absolute(0)], 0],
    ['is 0 while it drains, whatever else is said', 10, 1, [absolute(3), DRAIN], 0],
    ['is the lowest that is said', 10, 1, [percent(70), absolute(5), NOTHING_ADVISED], 5],
    ['stays 0 where 0 is declared', 0, 1, [absolute(3)], 0],
    ['stays within what can be declared', 65_535, 1, [percent(60_000)], 65_535],
  ])('%s', (_, declared, scale, advised, expected) => {
    expect(advisedWeight(declared, scale, advised)).toBe(expected);
  });
});

/** The state after these, each with one verdict. */
function hear(...advices: readonly (Advice | 'fails' | 'unheard')[]): CheckState {
  let state = unaskedState(true, 0);
  for (const [i, advice] of advices.entries()) {
    const common = { latencyMilliseconds: 1, message: '' };
    const verdict =
      advice === 'unheard'
        ? ({ ...common, code: 'L4CON', isInconclusive: true } as const)
        : advice === 'fails'
          ? ({ ...common, code: 'L7STS' } as const)
          : ({ ...common, code: 'L7OK', advice } as const);
    state = judge(state, verdict, { rise: 3, fall: 3 }, i);
  }
  return state;
}

describe('what is said of a server', () => {
  test('is down at once, and up at once', () => {
    expect(hear({ state: 'Down' })).toMatchObject({ isPassing: false });
    expect(hear({ state: 'Down' }, { state: 'Up' })).toMatchObject({ isPassing: true, advised: NOTHING_ADVISED });
  });

  test('is maintenance at once, until it is ready', () => {
    expect(hear({ mode: 'Maintenance' }, { state: 'Up' }).isPassing).toBe(false);
    expect(hear({ mode: 'Maintenance' }, { mode: 'Ready' }).isPassing).toBe(true);
  });

  test('is a drain that fails nothing', () => {
    expect(hear({ mode: 'Drain' })).toMatchObject({ isPassing: true, advised: DRAIN });
  });

  test('holds while nothing else is said of it', () => {
    const { isPassing, advised } = hear({ state: 'Down' }, { weight: { kind: 'Percent', percent: 50 } }, {});
    expect([isPassing, advised]).toEqual([false, { ...percent(50), state: 'Down' }]);
  });

  test('holds while nobody can be heard', () => {
    expect(hear({ mode: 'Drain' }, 'unheard', 'unheard', 'unheard')).toMatchObject({ isPassing: true, advised: DRAIN });
    expect(hear({ state: 'Down' }, 'unheard').isPassing).toBe(false);
  });

  test('is apart from failures, which are counted', () => {
    expect(hear({ mode: 'Drain' }, 'fails', 'fails')).toMatchObject({ isPassing: true, advised: DRAIN });
    expect(hear({ mode: 'Drain' }, 'fails', 'fails', 'fails')).toMatchObject({ isPassing: false, advised: DRAIN });
  });

  test('is the same object until something else is said', () => {
    const advice: Advice = { weight: { kind: 'Percent', percent: 50 } };
    const first = hear(advice);
    const again = judge(first, { code: 'L7OK', latencyMilliseconds: 1, message: '', advice }, { rise: 1, fall: 1 }, 9);
    expect(again.advised).toBe(first.advised);
  });
});

const advice: fc.Arbitrary<Advice> = fc.record(
  {
    state: fc.constantFrom('Up' as const, 'Down' as const),
    mode: fc.constantFrom('Ready' as const, 'Drain' as const, 'Maintenance' as const),
    weight: fc.oneof(
      fc.record({ kind: fc.constant('Percent' as const), percent: fc.integer({ min: 0, max: 300 }) }),
      fc.record({ kind: fc.constant('Absolute' as const), weight: fc.integer({ min: 0, max: 65_535 }) }),
    ),
  },
  { requiredKeys: [] },
);

describe('over random histories', () => {
  test('up, ready and 100% end all that was said', () => {
    fc.assert(
      fc.property(fc.array(advice), (history) => {
        const end: Advice = { state: 'Up', mode: 'Ready', weight: { kind: 'Percent', percent: 100 } };
        expect(hear(...history, end)).toMatchObject({ isPassing: true, advised: NOTHING_ADVISED });
      }),
    );
  });

  test('a weight is 0 only where it was said', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_535 }), fc.array(advice), (declared, history) => {
        const { advised } = hear(...history);
        const weight = advisedWeight(declared, 1, [advised]);
        const isZeroSaid =
          advised.mode !== 'Ready' ||
          (advised.weight?.kind === 'Percent' && advised.weight.percent === 0) ||
          (advised.weight?.kind === 'Absolute' && advised.weight.weight === 0);
        expect(weight === 0).toBe(isZeroSaid);
        expect(Number.isInteger(weight) && weight <= 65_535).toBe(true);
      }),
    );
  });
});
