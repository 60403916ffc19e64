import { describe, expect, test } from 'vitest';
import { A, B, CHECKED, host, SECOND, start, WEB, web } from '../health-bench.js';
import type { Spec } from '../health-bench.js';

const OTHER = '10.0.0.2';
const DRAINING: Partial<Spec> = { ...CHECKED, drain: { timeoutSeconds: 60 } };

describe('what an earlier process knew', () => {
  test('of a check counts once: declared anew later, it begins anew', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([A, B]));
    await first.fail(A);
    first.prober.advise(B, { mode: 'Drain' });
    await first.stop();
    const second = start(here);
    await second.begin(web([A, B]));
    expect(await second.servers()).toEqual([`${B} 0`]);
    await second.pass(A);
    await second.declare(web([]));
    await second.declare(web([A, B]));
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 1`]);
  });

  test('waits for a source that tells of the service later', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([A, B], DRAINING), web([A], {}, OTHER));
    first.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 1 });
    await first.fail(A);
    await first.declare(web([A], DRAINING));
    await first.stop();
    const second = start(here, 1e12);
    second.source.presentAll([web([A], {}, OTHER)]);
    await second.clock.advance(20 * SECOND);
    await second.stop();
    const third = start(here, 1e12 + 20 * SECOND);
    third.source.presentAll([web([A], {}, OTHER)]);
    await third.clock.advance(20 * SECOND);
    await third.begin(web([A], DRAINING));
    expect(third.operations).toBe(0);
    expect(await third.servers()).toEqual([`${B} 0`]);
    await third.clock.advance(21 * SECOND);
    expect(await third.servers()).toEqual([]);
  });

  test('of a service that leaves holds when it is declared again: what of it leaves keeps its connections', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([A, B], DRAINING), web([A], {}, OTHER));
    first.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 1 });
    first.source.gone('VirtualService shop/web');
    await first.clock.settle();
    await first.stop();
    const second = start(here);
    await second.begin(web([A], {}, OTHER));
    await second.declare(web([A], DRAINING));
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 0`]);
  });

  test('of what nobody declares any more is forgotten when everything is told', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([A, B]), web([A], {}, OTHER));
    await first.fail(A);
    await first.stop();
    const second = start(here);
    await second.begin(web([B]), web([A], {}, OTHER));
    await second.fail(B);
    await second.declare(web([A, B]));
    expect(await second.servers()).toEqual([`${A} 1`]);
  });
});
