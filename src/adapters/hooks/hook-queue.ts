import { setTimeout as wait } from 'node:timers/promises';
import type { HookEvent } from './hook-event.js';

/** Beyond so many that wait the oldest are lost: what is true now counts for more. */
const MAXIMUM_WAITING = 1000;
/** What comes while a hook is busy is told together. */
const MAXIMUM_TOGETHER = 100;
const RETRY_MILLISECONDS = [1000, 5000];

export type Delivery =
  | { readonly kind: 'Delivered' }
  /** `isWorthRetrying`: another try may bring another result. */
  | { readonly kind: 'Failed'; readonly reason: string; readonly isWorthRetrying: boolean };

export type HookNews =
  | { readonly kind: 'Delivered'; readonly count: number }
  | { readonly kind: 'Lost'; readonly count: number; readonly reason: string };

export interface HookQueueInput {
  /** Tells these events. It has to end some seconds later whatever happens, and never rejects. */
  readonly deliver: (events: readonly HookEvent[], signal: AbortSignal) => Promise<Delivery>;
  /** Is told what became of events. */
  readonly tell: (news: HookNews) => void;
  /** How long to wait before each further try. */
  readonly retryMilliseconds?: readonly number[];
}

/** Events on their way to one hook, in their order: one delivery at a time. */
export class HookQueue {
  readonly #input: HookQueueInput;
  readonly #ending = new AbortController();
  #waiting: HookEvent[] = [];
  #work: Promise<void> | undefined;

  constructor(input: HookQueueInput) {
    this.#input = input;
  }

  push(events: readonly HookEvent[]): void {
    if (events.length === 0 || this.#ending.signal.aborted) return;
    this.#waiting.push(...events);
    const excess = this.#waiting.length - MAXIMUM_WAITING;
    if (excess > 0) {
      this.#waiting.splice(0, excess);
      this.#input.tell({ kind: 'Lost', count: excess, reason: `more than ${MAXIMUM_WAITING} wait` });
    }
    this.#work ??= this.#deliverAll();
  }

  /** Gives up what is under way, and what waits. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#work;
  }

  async #deliverAll(): Promise<void> {
    const { signal } = this.#ending;
    // What happens at one moment is told together from the first time on.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !signal.aborted) {
      const events = this.#waiting.splice(0, MAXIMUM_TOGETHER);
      const delivery = await this.#tryToDeliver(events, signal);
      const count = events.length;
      if (delivery.kind === 'Delivered') this.#input.tell({ kind: 'Delivered', count });
      else this.#input.tell({ kind: 'Lost', count, reason: delivery.reason });
    }
    this.#work = undefined;
  }

  async #tryToDeliver(events: readonly HookEvent[], signal: AbortSignal): Promise<Delivery> {
    const { deliver, retryMilliseconds = RETRY_MILLISECONDS } = this.#input;
    let delivery = await deliver(events, signal);
    for (const milliseconds of retryMilliseconds) {
      if (delivery.kind === 'Delivered' || !delivery.isWorthRetrying || signal.aborted) break;
      const isOver = await isAbortedWithin(milliseconds, signal);
      if (!isOver) delivery = await deliver(events, signal);
    }
    return delivery;
  }
}

async function isAbortedWithin(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await wait(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  return signal.aborted;
}
