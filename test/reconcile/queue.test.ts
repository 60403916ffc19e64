import { describe, expect, test } from 'vitest';
import { delayMilliseconds, KeyQueue } from '../../src/reconcile/queue.js';

const BACK_OFF = { baseMilliseconds: 1000, maximumMilliseconds: 30_000 };

function queue(): KeyQueue {
  return new KeyQueue(BACK_OFF, () => 1);
}

describe('A key that was added', () => {
  test('is due at once, and once however often it was added', () => {
    const keys = queue();
    keys.add(['a', 'b', 'a']);
    expect(keys.dueCount).toBe(2);
    expect(keys.nextMilliseconds()).toBe(-Infinity);
    expect([...keys.take(0)]).toEqual(['a', 'b']);
    expect(keys.dueCount).toBe(0);
    expect(keys.nextMilliseconds()).toBeUndefined();
  });
});

describe('A key that failed', () => {
  test('is due after a while, and counts as failed until it succeeds', () => {
    const keys = queue();
    keys.fail('a', 0);
    expect(keys.nextMilliseconds()).toBe(1000);
    expect([...keys.take(999)]).toEqual([]);
    expect([...keys.take(1000)]).toEqual(['a']);
    expect(keys.failed.get('a')).toEqual({ attempts: 1, nextTryMilliseconds: 1000 });
    keys.succeed('a');
    expect(keys.failed.size).toBe(0);
  });

  test('waits twice as long each time', () => {
    const keys = queue();
    const waits = [1, 2, 3].map(() => {
      keys.fail('a', 0);
      return keys.nextMilliseconds();
    });
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test('waits no longer when something may be different, and starts from the first wait after a success', () => {
    const keys = queue();
    keys.fail('a', 0);
    keys.add(['a']);
    expect([...keys.take(0)]).toEqual(['a']);
    expect(keys.nextMilliseconds()).toBeUndefined();
    keys.succeed('a');
    keys.fail('a', 0);
    expect(keys.nextMilliseconds()).toBe(1000);
  });

  test('waits together with others that failed at about the same time', () => {
    const keys = queue();
    keys.fail('a', 10);
    keys.fail('b', 200);
    expect(keys.nextMilliseconds()).toBe(1250);
    expect([...keys.take(1250)]).toEqual(['a', 'b']);
  });

  test('is taken with all others, due or not, when everything is looked at', () => {
    const keys = queue();
    keys.fail('a', 0);
    keys.add(['b']);
    expect([...keys.takeAll()].sort()).toEqual(['a', 'b']);
    expect(keys.nextMilliseconds()).toBeUndefined();
  });
});

test.each([
  [1, 0, 500],
  [1, 1, 1000],
  [4, 1, 8000],
  [50, 1, 30_000],
])('The delay after attempt %i, with chance %d, is %i ms', (attempts, chance, milliseconds) => {
  expect(delayMilliseconds(attempts, BACK_OFF, () => chance)).toBe(milliseconds);
});
