import { describe, expect, test } from 'vitest';
import { judge, unaskedState } from '../../src/health/index.js';
import type { Verdict } from '../../src/health/index.js';

const GOOD: Verdict = { code: 'L4OK', latencyMilliseconds: 1, message: '' };
const BAD: Verdict = { code: 'L4CON', latencyMilliseconds: 1, message: 'refused' };

/** `+` and `-` are verdicts; the result has one for each: whether the target passes then. */
function run(verdicts: string, rise: number, fall: number, starts = true): string {
  let state = unaskedState(starts, 0);
  return Array.from(verdicts, (sign, i) => {
    state = judge(state, sign === '+' ? GOOD : BAD, { rise, fall }, i);
    return state.isPassing ? '+' : '-';
  }).join('');
}

describe('rise and fall', () => {
  test.each([
    ['one failure is not enough', '+--+---', 1, 3, '++++++-'],
    ['one success is not enough', '---+-++', 2, 3, '++-' + '---+'],
    ['at once', '-+-+', 1, 1, '-+-+'],
  ])('%s', (_, verdicts, rise, fall, expected) => {
    expect(run(verdicts, rise, fall)).toBe(expected);
  });

  test('a target that starts as failing passes with its rise', () => {
    expect(run('++', 2, 3, false)).toBe('-+');
  });

  test('that this host could not ask changes nothing', () => {
    const state = judge(
      unaskedState(true, 0),
      { code: 'SOCKERR', latencyMilliseconds: 0, message: '' },
      { rise: 1, fall: 1 },
      5,
    );
    expect(state).toMatchObject({ isPassing: true, contrary: 0, verdict: { code: 'SOCKERR' } });
  });

  test('since when is the time of the change', () => {
    const failed = judge(unaskedState(true, 0), BAD, { rise: 1, fall: 1 }, 7);
    expect(judge(failed, BAD, { rise: 1, fall: 1 }, 9).sinceMilliseconds).toBe(7);
  });
});
