import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, durationText, shortNumber } from '../../src/cli/output/numbers.js';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [99_999, '99999'],
    [99_999.6, '100k'],
    [123_456, '123k'],
    [1_234_567, '1.23M'],
    [12_345_678, '12.3M'],
    [999_600, '1.00M'],
    [9_007_199_254_740_991, '9.01P'],
  ])('%d is short as %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  it('have at most five characters, however large they are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(shortNumber(Number(value)).length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('of time have a unit that fits', () => {
    expect([84, 1234, 185_000].map(durationText)).toEqual(['84 ms', '1.2 s', '3 min 5 s']);
  });

  it('agree with their noun', () => {
    expect([0, 1, 2].map((count) => counted(count, 'fault'))).toEqual(['0 faults', '1 fault', '2 faults']);
  });
});
