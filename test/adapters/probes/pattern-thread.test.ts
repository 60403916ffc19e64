import { expect, test } from 'vitest';
import { PatternThread } from '../../../src/adapters/probes/pattern-thread.js';
import { answer, http, probe } from './servers.js';

const SLOW = '^(a+)+$';
const LONG = `${'a'.repeat(40)}!`;
const PATIENCE_MILLISECONDS = 10_000;

function matching(thread: PatternThread, text: string, pattern: string): Promise<string> {
  return new Promise((resolve) => {
    thread.match(text, pattern, resolve);
  });
}

test.each([
  ['it is ready', 'read[xyz]', 'Matches'],
  ['it is not', 'read[xyz]', 'Differs'],
  ['a'.repeat(65_536), '(?=aaa)(a)\\1+$', 'Matches'],
  [LONG, SLOW, 'TooSlow'],
  ['a'.repeat(65_536), '((((a{0,1000}){0,1000}){0,1000}){0,1000}){0,1000}b', 'TooSlow'],
])('%.20s against %s: %s', async (text, pattern, expected) => {
  expect(await matching(new PatternThread(), text, pattern)).toBe(expected);
});

test('patterns that were too slow wait for all others', async () => {
  const thread = new PatternThread();
  await matching(thread, LONG, SLOW);
  const order: string[] = [];
  const texts = [LONG, 'a', 'aa'].map(async (text) => {
    order.push(`slow ${await matching(thread, text, SLOW)}`);
  });
  const others = ['ready', 'up'].map(async (text) => {
    order.push(`other ${await matching(thread, text, text)}`);
  });
  await Promise.all([...texts, ...others]);
  expect(order).toEqual(['other Matches', 'other Matches', 'slow Matches', 'slow Matches', 'slow TooSlow']);
});

test('a match that is given up is not told, whether it has begun or waits', async () => {
  const thread = new PatternThread();
  const told: string[] = [];
  const giveUp = [LONG, 'a', 'b'].map((text) => thread.match(text, SLOW, (result) => told.push(result)));
  for (const give of giveUp) give();
  expect(await matching(thread, 'ready', 'ready')).toBe('Matches');
  expect(told).toEqual([]);
});

test('servers whose patterns are slow do not hold up the asking of others', { timeout: 20_000 }, async () => {
  const port = await answer(`HTTP/1.1 200 OK\r\ncontent-length: ${LONG.length}\r\n\r\n${LONG}`);
  const before = performance.eventLoopUtilization();
  const outcomes = Array.from({ length: 20 }, () => probe(http({ bodyPattern: SLOW }), port, PATIENCE_MILLISECONDS));
  expect(new Set(await Promise.all(outcomes))).toEqual(
    new Set(['L7RSP matching the pattern with this body takes too long']),
  );
  expect(performance.eventLoopUtilization(before).active).toBeLessThan(500);
});

test('what is not matched in time says nothing about the server', async () => {
  const port = await answer(`HTTP/1.1 200 OK\r\ncontent-length: ${LONG.length}\r\n\r\n${LONG}`);
  const others = Array.from({ length: 30 }, (_, i) =>
    probe(http({ bodyPattern: `^(a+)+$|${i}` }), port, PATIENCE_MILLISECONDS),
  );
  expect(await probe(http({ bodyPattern: '^(a+)+$|last' }), port, 600)).toMatch(/^SOCKERR/);
  await Promise.all(others);
});
