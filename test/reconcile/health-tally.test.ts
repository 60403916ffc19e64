import { expect, test } from 'vitest';
import { A, B, CHECKED, host, start, WEB as HTTP, web, Z } from './health-bench.js';
import type { Spec } from './health-bench.js';

const NOBODY = { healthy: 0, idle: 0, failing: 0, leaving: 0, sorry: 0 };
const OTHER = '10.0.0.2';
const WEB = { object: 'VirtualService shop/web', family: 'IPv4', isLeaving: false, hasQuorum: true, isSorry: false };

test('servers are counted by what they do, checked or not', async () => {
  const bench = start();
  const plain = web([], { realServers: [{ address: A }, { address: B, weight: 0 }] }, OTHER);
  await bench.begin(web([A, B]), plain);
  await bench.fail(A);
  expect([...bench.controller.tallyHealth()]).toEqual([
    { ...WEB, servers: { ...NOBODY, healthy: 1, failing: 1 } },
    { ...WEB, object: 'VirtualService shop/web-10.0.0.2', servers: { ...NOBODY, healthy: 1, idle: 1 } },
  ]);
});

test('what leads checks to servers counts for nothing', async () => {
  const bench = start(host(), 1e12, { checkMarks: { first: 1000, last: 1999 } });
  const checks: NonNullable<Spec['health']>['checks'] = [{ name: 'open', type: 'TCP', target: 'VirtualAddress' }];
  await bench.begin(web([A, B], { forwarding: { method: 'DirectRouting' }, health: { checks } }));
  expect((await bench.kernel.readTable()).size).toBe(3);
  expect([...bench.controller.tallyHealth()]).toEqual([{ ...WEB, servers: { ...NOBODY, healthy: 2 } }]);
});

test('a lost quorum, and sorry servers, are told with them', async () => {
  const bench = start();
  await bench.begin(web([A, B], { ...CHECKED, sorryServers: [{ address: Z }] }));
  await bench.fail(A);
  await bench.fail(B);
  expect([...bench.controller.tallyHealth()]).toEqual([
    { ...WEB, hasQuorum: false, isSorry: true, servers: { ...NOBODY, failing: 2, sorry: 1 } },
  ]);
});

test('servers and services that drain are counted as long as they do', async () => {
  const bench = start();
  const draining = { drain: { timeoutSeconds: 60 } };
  await bench.begin(web([A, B], draining), web([A], {}, OTHER));
  bench.kernel.setConnections(HTTP, { address: A, port: 80 }, { active: 1 });
  bench.source.presentAll([web([B], draining)]);
  await bench.clock.settle();
  const other = { ...WEB, object: 'VirtualService shop/web-10.0.0.2', servers: { ...NOBODY, healthy: 1 } };
  expect([...bench.controller.tallyHealth()]).toEqual([
    { ...WEB, servers: { ...NOBODY, healthy: 1, leaving: 1 } },
    other,
  ]);
  bench.source.gone(WEB.object);
  await bench.clock.settle();
  expect([...bench.controller.tallyHealth()]).toEqual([
    other,
    { ...WEB, isLeaving: true, servers: { ...NOBODY, leaving: 2 } },
  ]);
});
