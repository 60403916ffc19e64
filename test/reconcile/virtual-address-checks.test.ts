import { expect, test } from 'vitest';
import { PLAIN_SETTINGS } from '../samples.js';
import { A, B, host, start, web, Z } from './health-bench.js';
import type { Spec } from './health-bench.js';

const VIRTUAL: Partial<Spec> = {
  forwarding: { method: 'DirectRouting' },
  health: { checks: [{ name: 'open', type: 'TCP', fall: 2, rise: 2, target: 'VirtualAddress' }] },
};

const MARKS = { first: 1000, last: 1001 };

type Bench = ReturnType<typeof start>;

/** `192.168.0.1:0`: the server that each mark leads to. */
async function led({ kernel }: Bench): Promise<readonly string[]> {
  const services = [...(await kernel.readTable())].filter(([key]) => key.startsWith('FWM '));
  return services.flatMap(([, { servers }]) => servers.map(({ address, port }) => `${address}:${port}`)).sort();
}

test('each server has a mark of its own that leads to it, and is asked at the virtual address', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A, B], VIRTUAL));
  expect(await led(bench)).toEqual([`${A}:0`, `${B}:0`]);
  expect(bench.prober.asked()).toEqual(['10.0.0.1:80', '10.0.0.1:80']);
  await bench.fail('10.0.0.1');
  expect(await bench.servers()).toEqual([]);
  expect(await led(bench)).toEqual([`${A}:0`, `${B}:0`]);
});

test('what fails on one server alone takes out that one', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A, B], VIRTUAL));
  await bench.failBehind(A);
  expect(await bench.servers()).toEqual([`${B} 1`]);
});

test('services with the same server share its mark while they are of one object', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A], { ...VIRTUAL, ports: [{ port: 80 }, { port: 443 }] }));
  expect(await led(bench)).toEqual([`${A}:0`]);
  await bench.declare(web([A], VIRTUAL));
  expect(await led(bench)).toEqual([`${A}:0`]);
});

test('the marks of what goes are free again', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A, B], VIRTUAL));
  await bench.declare(web([B], VIRTUAL));
  expect(await led(bench)).toEqual([`${B}:0`]);
  bench.source.gone('VirtualService shop/web');
  await bench.clock.settle();
  expect(await led(bench)).toEqual([]);
  expect(bench.prober.asked()).toEqual([]);
});

test('a server that no mark is left for is not asked, and stays as it was', async () => {
  const bench = start(host(), 1e12, { checkMarks: { first: 1000, last: 1000 } });
  await bench.begin(web([A, B], VIRTUAL));
  expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
  expect(bench.prober.asked()).toEqual(['10.0.0.1:80']);
  const [service] = bench.controller.describeHealth();
  expect(service?.servers.map(({ checks }) => checks[0]?.verdict?.message)).toEqual([
    undefined,
    'never asked: no firewall mark of --check-marks is free',
  ]);
});

test('a server that is masqueraded is asked at its own address', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A], { health: VIRTUAL.health }));
  expect(bench.prober.asked()).toEqual([`${A}:80`]);
  expect(await led(bench)).toEqual([]);
});

test('a restart finds its marks, and changes nothing', async () => {
  const world = host();
  const first = start(world, 1e12, { checkMarks: { first: 1000, last: 1999 } });
  await first.begin(web([A, B], VIRTUAL));
  await first.stop();
  const second = start(world, 1e12, { checkMarks: { first: 1000, last: 1999 } });
  await second.begin(web([A, B], VIRTUAL));
  expect(second.operations).toBe(0);
  expect(second.prober.asked()).toEqual(['10.0.0.1:80', '10.0.0.1:80']);
});

test('a way that somebody takes away is made again', async () => {
  const bench = start(host(), 1e12, { checkMarks: { first: 1000, last: 1000 } });
  await bench.begin(web([A], VIRTUAL));
  await bench.kernel.apply([{ kind: 'DeleteService', key: { firewallMark: 1000, family: 'IPv4' } }]);
  await bench.clock.advance(30_000);
  expect(await led(bench)).toEqual([`${A}:0`]);
});

test('without marks such a check is refused', async () => {
  const bench = start();
  await bench.begin(web([A], VIRTUAL));
  expect(await bench.servers()).toBeUndefined();
  expect(bench.controller.snapshot().issues).toMatchObject([
    {
      path: 'spec.health.checks[0].target',
      message: 'this controller has no firewall marks for checks: its --check-marks would say which',
    },
  ]);
});

test('a service of such a mark is refused', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  const marked = { addresses: undefined, ports: undefined, firewallMark: { value: 1001 } };
  await bench.begin(web([A], marked));
  expect(bench.controller.snapshot().issues).toMatchObject([
    {
      path: 'spec.firewallMark.value',
      message: 'the firewall marks 1000 to 1001 belong to the checks of this controller: see its --check-marks',
    },
  ]);
});

test('a service of such a mark is refused, and what has the mark goes on to have it', async () => {
  const bench = start(host(), 1e12, { checkMarks: { first: 1000, last: 1000 } });
  await bench.begin(web([A], VIRTUAL));
  await bench.declare(web([B], { addresses: undefined, ports: undefined, firewallMark: { value: 1000 } }, 'other'));
  expect(await led(bench)).toEqual([`${A}:0`]);
  bench.source.gone('VirtualService shop/web-other');
  await bench.clock.settle();
  await bench.clock.advance(120_000);
  expect(await led(bench)).toEqual([`${A}:0`]);
});

test('what leads checks to servers does not count where services are removed', async () => {
  const bench = start(host(), 1e12, { checkMarks: { first: 1000, last: 1999 } });
  const names = Array.from({ length: 20 }, (_, i) => `10.9.0.${i + 1}`);
  await bench.begin(...names.map((name) => web([A, B], VIRTUAL, name)));
  expect(await led(bench)).toHaveLength(40);
  for (const name of names.slice(0, 11)) bench.source.gone(`VirtualService shop/web-${name}`);
  await bench.clock.settle();
  expect(await led(bench)).toHaveLength(18);
  expect(bench.controller.snapshot().removals.heldBack).toHaveLength(11);
  for (const name of names.slice(11)) bench.source.gone(`VirtualService shop/web-${name}`);
  await bench.clock.settle();
  expect(await led(bench)).toHaveLength(0);
});

test('what an earlier process left goes although it is much, and takes nothing along', async () => {
  const world = host();
  const first = start(world, 1e12, { checkMarks: { first: 1000, last: 1999 } });
  const names = Array.from({ length: 12 }, (_, i) => `192.168.7.${i + 1}`);
  await first.begin(web(names, VIRTUAL), web([A], {}, '10.0.0.2'));
  expect(await led(first)).toHaveLength(12);
  await first.stop();
  const second = start(world, 1e12, { checkMarks: { first: 2000, last: 2999 } });
  await second.begin(web(names, VIRTUAL));
  expect(await led(second)).toHaveLength(12);
  expect([...(await second.kernel.readTable()).keys()]).not.toContain('TCP 10.0.0.2:80');
  expect(second.controller.snapshot().removals.heldBack).toEqual([]);
});

test('a mark that something else of ours has is left alone, refused as that may be', async () => {
  const world = host();
  const marked = { addresses: undefined, ports: undefined, firewallMark: { value: 1000 } };
  const first = start(world);
  await first.begin(web([Z], marked));
  await first.stop();
  const second = start(world, 1e12, { checkMarks: { first: 1000, last: 1000 } });
  await second.begin(web([Z], marked), web([A], VIRTUAL, '10.0.0.2'));
  expect(await led(second)).toEqual([`${Z}:0`]);
  expect(second.prober.asked()).toEqual([]);
});

test('a mark that somebody else has is not taken over, not even where services are adopted', async () => {
  const world = host();
  const key = { firewallMark: 1000, family: 'IPv4' } as const;
  await world.kernel.apply([{ kind: 'AddService', key, settings: PLAIN_SETTINGS }]);
  const bench = start(world, 1e12, { checkMarks: { first: 1000, last: 1000 }, options: { adopt: true } });
  await bench.begin(web([A], VIRTUAL));
  expect(await led(bench)).toEqual([]);
  expect(bench.prober.asked()).toEqual([]);
  expect(bench.controller.snapshot().problems).toMatchObject([{ kind: 'ForeignService', object: 'Checks shop/web' }]);
});

test('a way follows the scheduler of its service', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A], { ...VIRTUAL, scheduler: 'bogus' }));
  expect(bench.prober.asked()).toEqual([]);
  await bench.declare(web([A], VIRTUAL));
  expect(await led(bench)).toEqual([`${A}:0`]);
  expect(bench.prober.asked()).toEqual(['10.0.0.1:80']);
});

test('a server that no mark was left for gets the first that is free', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A, B], VIRTUAL));
  await bench.declare(web([A, Z], VIRTUAL));
  expect(await led(bench)).toEqual([`${A}:0`, `${Z}:0`]);
  expect(bench.prober.asked()).toHaveLength(2);
});

test('a check whose packets would be led elsewhere is refused', async () => {
  const bench = start(host(), 1e12, { checkMarks: MARKS });
  await bench.begin(web([A], { health: { checks: [{ name: 'open', type: 'TCP', firewallMark: 1000 }] } }));
  expect(bench.controller.snapshot().issues).toMatchObject([{ path: 'spec.health.checks[0].firewallMark' }]);
});
