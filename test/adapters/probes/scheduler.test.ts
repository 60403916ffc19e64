import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProbeScheduler } from '../../../src/adapters/probes/index.js';
import type { Verdict } from '../../../src/health/index.js';
import { target } from './servers.js';

type Outcome = Pick<Verdict, 'code' | 'message'>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const OPEN = { type: 'TCP', send: '', expect: '' } as const;
const OK: Outcome = { code: 'L4OK', message: '' };

/** Servers that answer after so many milliseconds, or never. */
function scheduler(answers: number | undefined, options: { maximumRunning?: number; random?: () => number } = {}) {
  const starts: number[] = [];
  let open = 0;
  let most = 0;
  const prober = new ProbeScheduler({
    random: () => 0,
    ...options,
    start: (_, end) => {
      starts.push(performance.now());
      most = Math.max(most, ++open);
      const timer = setTimeout(() => {
        open--;
        end(OK);
      }, answers ?? 1e9);
      return {
        expire: () => {
          clearTimeout(timer);
          open--;
          return { code: 'L4TOUT', message: 'late' };
        },
      };
    },
  });
  return { prober, starts, open: () => open, most: () => most };
}

describe('the scheduler', () => {
  test('asks at whole intervals, without drift', async () => {
    const begin = performance.now();
    const { prober, starts } = scheduler(70);
    prober.watch(target(OPEN, 80), () => undefined);
    await vi.advanceTimersByTimeAsync(100_500);
    expect(starts).toHaveLength(101);
    for (const [i, start] of starts.entries()) expect(start - begin - i * 1000).toBeLessThan(3);
  });

  test('gives up at the timeout, with one verdict, and asks again', async () => {
    const { prober, open } = scheduler(undefined);
    const verdicts: Verdict[] = [];
    prober.watch(target(OPEN, 80), (verdict) => verdicts.push(verdict));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(verdicts.map(({ code }) => code)).toEqual(['L4TOUT', 'L4TOUT', 'L4TOUT']);
    for (const { latencyMilliseconds } of verdicts) expect(Math.abs(latencyMilliseconds - 300)).toBeLessThan(5);
    expect(open()).toBe(0);
  });

  test('a timeout of a whole interval leaves no probe out', async () => {
    const begin = performance.now();
    const { prober, starts, most } = scheduler(undefined);
    const { check, ...rest } = target(OPEN, 80);
    prober.watch({ ...rest, check: { ...check, timeoutMilliseconds: 1000 } }, () => undefined);
    await vi.advanceTimersByTimeAsync(20_500);
    expect(most()).toBe(1);
    expect(starts).toHaveLength(21);
    for (const [i, start] of starts.entries()) expect(start - begin - i * 1000).toBeLessThan(100);
  });

  test('spreads first probes', async () => {
    let i = 0;
    const { prober, starts } = scheduler(1, { random: () => (i++ % 100) / 100 });
    for (let count = 0; count < 5000; count++) prober.watch(target(OPEN, count), () => undefined);
    for (let second = 0; second < 10; second++) {
      starts.length = 0;
      await vi.advanceTimersByTimeAsync(100);
      expect(starts.length).toBeGreaterThan(300);
      expect(starts.length).toBeLessThan(900);
    }
  });

  test('runs no more at once than it may, and everything in the end', async () => {
    const { prober, most } = scheduler(30, { maximumRunning: 10 });
    const heard = new Set<number>();
    for (let port = 0; port < 100; port++) prober.watch(target(OPEN, port), () => heard.add(port));
    await vi.advanceTimersByTimeAsync(600);
    expect(most()).toBe(10);
    expect(heard.size).toBe(100);
  });

  test('says nothing after the end, and frees what runs', async () => {
    const { prober, open } = scheduler(undefined);
    const verdicts: Verdict[] = [];
    const stop = prober.watch(target(OPEN, 80), (verdict) => verdicts.push(verdict));
    await vi.advanceTimersByTimeAsync(10);
    expect(open()).toBe(1);
    stop();
    expect(open()).toBe(0);
    expect(prober.running).toBe(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(verdicts).toEqual([]);
  });

  describe('after this process stood still', () => {
    /** A probe that runs for 10 ms when everything stands still for so long; its answers are to be made. */
    async function stall(milliseconds: number) {
      const ends: ((outcome: Outcome) => void)[] = [];
      const verdicts: string[] = [];
      const prober = new ProbeScheduler({
        random: () => 0,
        start: (_, end) => {
          ends.push(end);
          return { expire: () => ({ code: 'L4TOUT', message: 'late' }) };
        },
      });
      prober.watch(target(OPEN, 80, { intervalMilliseconds: 86_400_000 }), ({ code }) => verdicts.push(code));
      await vi.advanceTimersByTimeAsync(10);
      const real = performance.now.bind(performance);
      const now = vi.spyOn(performance, 'now').mockImplementation(() => real() + milliseconds);
      onTestFinished(() => {
        now.mockRestore();
      });
      // The timer of the timeout rings before anything is read.
      await vi.advanceTimersByTimeAsync(300);
      return { verdicts, answer: () => ends[0]?.(OK) };
    }

    test('answers that came meanwhile are read before they are too late', async () => {
      const { verdicts, answer } = await stall(60_000);
      expect(verdicts).toEqual([]);
      answer();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(verdicts).toEqual(['L4OK']);
    });

    test('servers have no more than their time once more', async () => {
      const { verdicts } = await stall(60_000);
      await vi.advanceTimersByTimeAsync(280);
      expect(verdicts).toEqual([]);
      await vi.advanceTimersByTimeAsync(40);
      expect(verdicts).toEqual(['L4TOUT']);
    });

    test('a little delay changes nothing', async () => {
      const { verdicts } = await stall(90);
      expect(verdicts).toEqual(['L4TOUT']);
    });
  });

  test('after a long stop it makes up for one probe alone', async () => {
    const { prober, starts } = scheduler(1);
    prober.watch(target(OPEN, 80), () => undefined);
    await vi.advanceTimersByTimeAsync(10);
    vi.setSystemTime(Date.now());
    const real = performance.now.bind(performance);
    const jump = vi.spyOn(performance, 'now').mockImplementation(() => real() + 60_300);
    starts.length = 0;
    await vi.advanceTimersByTimeAsync(1500);
    jump.mockRestore();
    expect(starts.length).toBeLessThanOrEqual(3);
  });
});
