import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { PatternThread } from '../../../src/adapters/probes/pattern-thread.js';

/** What the thread says next, and what it was asked. */
const { answers, asked } = vi.hoisted(() => ({ answers: [] as string[], asked: [] as string[] }));

vi.mock('node:worker_threads', () => ({
  Worker: class extends EventEmitter {
    unref(): void {
      // Nothing to keep alive.
    }

    postMessage({ text }: { readonly text: string }): void {
      asked.push(text);
      setImmediate(() => this.emit('message', answers.shift() ?? 'Differs'));
    }
  },
}));

beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
});

function matching(thread: PatternThread, text: string): Promise<string> {
  return new Promise((resolve) => {
    thread.match(text, 'a', resolve);
  });
}

test('what took too long on a busy host is tried once more, after others', async () => {
  answers.push('TooSlow', 'Differs', 'Matches');
  const thread = new PatternThread();
  expect(await Promise.all([matching(thread, 'first'), matching(thread, 'second')])).toEqual(['Matches', 'Differs']);
  expect(asked).toEqual(['first', 'second', 'first']);
});

test('once alone', async () => {
  answers.push('TooSlow', 'TooSlow');
  expect(await matching(new PatternThread(), 'first')).toBe('TooSlow');
  expect(asked).toEqual(['first', 'first']);
});

test('and not where it is given up meanwhile', async () => {
  answers.push('TooSlow', 'Matches');
  const thread = new PatternThread();
  const told: string[] = [];
  const giveUp = thread.match('first', 'a', (result) => told.push(result));
  giveUp();
  expect(await matching(thread, 'second')).toBe('Matches');
  expect(asked).toEqual(['first', 'second']);
  expect(told).toEqual([]);
});
