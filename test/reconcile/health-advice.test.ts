import { describe, expect, test } from 'vitest';
import type { Advice } from '../../src/health/index.js';
import { A, B, CHECKED, host, SECOND, start, web, Z } from './health-bench.js';
import type { Bench, Spec } from './health-bench.js';

const half: Advice = { weight: { kind: 'Percent', percent: 50 } };
const DRAIN: Advice = { mode: 'Drain' };
const READY: Advice = { mode: 'Ready' };

const HEAVY: Partial<Spec> = {
  ...CHECKED,
  realServers: [
    { address: A, weight: 10 },
    { address: B, weight: 10 },
  ],
};

async function advise(bench: Bench, address: string, advice: Advice): Promise<void> {
  bench.prober.advise(address, advice);
  await bench.clock.settle();
}

describe('what servers say of themselves', () => {
  test('becomes their weight at once', async () => {
    const bench = start();
    await bench.begin(web([], HEAVY));
    await advise(bench, A, half);
    expect(await bench.servers()).toEqual([`${A} 5`, `${B} 10`]);
    await advise(bench, A, { weight: { kind: 'Absolute', weight: 30 } });
    expect(await bench.servers()).toEqual([`${A} 30`, `${B} 10`]);
    await advise(bench, A, { weight: { kind: 'Percent', percent: 100 } });
    expect(await bench.servers()).toEqual([`${A} 10`, `${B} 10`]);
  });

  test('is of the declared weight, where that changes', async () => {
    const bench = start();
    await bench.begin(web([], HEAVY));
    await advise(bench, A, half);
    await bench.declare(web([], { ...HEAVY, realServers: [{ address: A, weight: 40 }] }));
    expect(await bench.servers()).toEqual([`${A} 20`]);
  });

  test('drains, with sorry servers where all do', async () => {
    const bench = start();
    await bench.begin(web([A, B], { ...CHECKED, sorryServers: [{ address: Z }] }));
    await advise(bench, A, DRAIN);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 1`]);
    await advise(bench, B, DRAIN);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`, `${Z} 1`]);
    await advise(bench, A, READY);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
  });

  test('takes them out, before as many failures as it takes otherwise', async () => {
    const bench = start();
    await bench.begin(web([A, B]));
    await advise(bench, A, { mode: 'Maintenance' });
    expect(await bench.servers()).toEqual([`${B} 1`]);
    await advise(bench, A, READY);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
  });

  test('counts for a quorum by weight', async () => {
    const bench = start();
    await bench.begin(web([], { ...HEAVY, quorum: { minimumWeight: 15 }, sorryServers: [{ address: Z }] }));
    await advise(bench, A, { weight: { kind: 'Percent', percent: 40 } });
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`, `${Z} 1`]);
    await advise(bench, A, half);
    expect(await bench.servers()).toEqual([`${A} 5`, `${B} 10`]);
  });

  test('is what a slow start rises to', async () => {
    const bench = start();
    const spec = { ...HEAVY, slowStart: { durationSeconds: 40 } };
    await bench.begin(web([], spec));
    await advise(bench, A, DRAIN);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 1000`]);
    await advise(bench, A, { mode: 'Ready', weight: { kind: 'Absolute', weight: 4 } });
    await bench.clock.advance(20 * SECOND);
    const [halfway] = (await bench.servers()) ?? [];
    expect(Number(halfway?.split(' ')[1])).toBeGreaterThan(150);
    expect(Number(halfway?.split(' ')[1])).toBeLessThan(250);
    await bench.clock.advance(21 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 400`, `${B} 1000`]);
  });

  test('touches the services that have them, in one round', async () => {
    const bench = start();
    const names = Array.from({ length: 200 }, (_, i) => `10.9.0.${i + 1}`);
    await bench.begin(...names.map((name) => web([], HEAVY, name)));
    const before = bench.events.length;
    await advise(bench, A, half);
    const rounds = bench.events.slice(before).filter((event) => event.kind === 'RoundFinished');
    expect(rounds).toMatchObject([{ round: { kind: 'Keys', keyCount: 200 } }]);
  });

  test('costs no more than one operation a verdict, and none where it says the same', async () => {
    const bench = start();
    await bench.begin(web([], HEAVY));
    const before = bench.operations;
    for (let i = 0; i < 30; i++) {
      await advise(bench, A, { weight: { kind: 'Percent', percent: 50 + 10 * (i % 2) } });
      await bench.clock.advance(SECOND);
    }
    expect(bench.operations - before).toBe(30);
    for (let i = 0; i < 30; i++) await advise(bench, A, { weight: { kind: 'Percent', percent: 60 } });
    expect(bench.operations - before).toBe(30);
    for (let i = 0; i < 30; i++) bench.prober.advise(A, { weight: { kind: 'Percent', percent: i } });
    await bench.clock.settle();
    expect(bench.operations - before).toBe(31);
  });

  test('outlives a restart, which changes nothing', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([], HEAVY));
    await advise(first, A, half);
    await advise(first, B, { state: 'Down' });
    await first.stop();
    const second = start(here);
    await second.begin(web([], HEAVY));
    expect(second.operations).toBe(0);
    expect(await second.servers()).toEqual([`${A} 5`]);
    await advise(second, B, { state: 'Up' });
    expect(await second.servers()).toEqual([`${A} 5`, `${B} 10`]);
  });
});
