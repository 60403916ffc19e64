import { describe, expect, test } from 'vitest';
import { HookQueue } from '../../../src/adapters/hooks/index.js';
import type { Delivery, HookEvent, HookNews } from '../../../src/adapters/hooks/index.js';

const DELIVERED: Delivery = { kind: 'Delivered' };
const BUSY: Delivery = { kind: 'Failed', reason: 'busy', isWorthRetrying: true };
const REFUSED: Delivery = { kind: 'Failed', reason: 'refused', isWorthRetrying: false };

function events(count: number, first = 0): readonly HookEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    time: '2026-01-05T10:00:00.000Z',
    event: 'ServerUp',
    object: 'VirtualService shop/web',
    service: 'TCP 10.0.0.1:80',
    server: String(first + i),
  }));
}

/** A hook that answers with these in turn, the last one for ever, each when it is let. */
class Hook {
  readonly told: (readonly (string | undefined)[])[] = [];
  readonly news: HookNews[] = [];
  readonly queue: HookQueue;
  #answers: Delivery[];
  #let: (() => void) | undefined;

  constructor(...answers: Delivery[]) {
    this.#answers = answers;
    this.queue = new HookQueue({
      deliver: async (batch, signal) => {
        this.told.push(batch.map(({ server }) => server));
        await new Promise<void>((resolve) => {
          this.#let = resolve;
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
        return (this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]) ?? DELIVERED;
      },
      tell: (one) => this.news.push(one),
      retryMilliseconds: [1, 1],
    });
  }

  /** Lets it answer. */
  async answer(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) {
      await this.settle();
      this.#let?.();
      await this.settle();
    }
  }

  settle(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('events', () => {
  test('are told in their order, those that come meanwhile together', async () => {
    const hook = new Hook(DELIVERED);
    hook.queue.push(events(1));
    await hook.settle();
    hook.queue.push(events(1, 1));
    hook.queue.push(events(1, 2));
    expect(hook.told).toEqual([['0']]);
    await hook.answer(2);
    expect(hook.told).toEqual([['0'], ['1', '2']]);
    expect(hook.news).toEqual([
      { kind: 'Delivered', count: 1 },
      { kind: 'Delivered', count: 2 },
    ]);
  });

  test('are told a hundred at a time', async () => {
    const hook = new Hook(DELIVERED);
    hook.queue.push(events(250));
    await hook.answer(3);
    expect(hook.told.map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  test('are lost where too many wait, the oldest first', async () => {
    const hook = new Hook(DELIVERED);
    hook.queue.push(events(10));
    await hook.settle();
    hook.queue.push(events(1500, 10));
    expect(hook.news).toEqual([{ kind: 'Lost', count: 500, reason: 'more than 1000 wait' }]);
    await hook.answer(2);
    expect(hook.told[1]?.[0]).toBe('510');
  });

  test('are tried again where that may help, and lost where it does not', async () => {
    const hook = new Hook(BUSY, BUSY, DELIVERED, BUSY, BUSY, BUSY, DELIVERED);
    hook.queue.push(events(1));
    await hook.answer(3);
    hook.queue.push(events(1, 1));
    await hook.answer(3);
    expect(hook.told).toHaveLength(6);
    expect(hook.news).toEqual([
      { kind: 'Delivered', count: 1 },
      { kind: 'Lost', count: 1, reason: 'busy' },
    ]);
  });

  test('are tried once where more would not help', async () => {
    const hook = new Hook(REFUSED);
    hook.queue.push(events(1));
    await hook.answer(2);
    expect(hook.told).toHaveLength(1);
    expect(hook.news).toEqual([{ kind: 'Lost', count: 1, reason: 'refused' }]);
  });
});

test('the end waits for nobody', async () => {
  const hook = new Hook(BUSY);
  hook.queue.push(events(200));
  await hook.settle();
  await hook.queue.close();
  hook.queue.push(events(1));
  await hook.settle();
  expect(hook.told).toHaveLength(1);
});
