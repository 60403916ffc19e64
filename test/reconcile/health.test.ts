import { describe, expect, test } from 'vitest';
import { A, B, CHECKED, host, SECOND, start, WEB, web, Z } from './health-bench.js';
import type { Spec } from './health-bench.js';

describe('servers that fail', () => {
  test('go after fall verdicts, and come back after rise', async () => {
    const bench = start();
    await bench.begin(web([A, B]));
    await bench.fail(A, 1);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
    await bench.fail(A, 1);
    expect(await bench.servers()).toEqual([`${B} 1`]);
    await bench.pass(A, 1);
    expect(await bench.servers()).toEqual([`${B} 1`]);
    await bench.pass(A, 1);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
  });

  test('touch their own service alone, in one round', async () => {
    const bench = start();
    await bench.begin(web([A, B]), web(['192.168.1.1', B], CHECKED, '10.0.0.2'));
    const before = bench.events.length;
    await bench.fail(A);
    const rounds = bench.events.slice(before).filter((event) => event.kind === 'RoundFinished');
    expect(rounds).toMatchObject([{ round: { kind: 'Keys', keyCount: 1, drift: [] } }]);
  });

  test('are asked once, however many services have them', async () => {
    const bench = start();
    await bench.begin(web([A, B]), web([B], CHECKED, '10.0.0.2'));
    expect(bench.prober.asked()).toEqual([`${A}:80`, `${B}:80`]);
    await bench.fail(B);
    expect(await bench.servers()).toEqual([`${A} 1`]);
    expect(await bench.servers('TCP 10.0.0.2:80')).toEqual([]);
    bench.source.gone('VirtualService shop/web');
    await bench.clock.settle();
    expect(bench.prober.asked()).toEqual([`${B}:80`]);
  });

  test('many at once are one round', async () => {
    const bench = start();
    const names = Array.from({ length: 200 }, (_, i) => `10.9.0.${i + 1}`);
    await bench.begin(...names.map((name) => web([A, B], CHECKED, name)));
    const before = bench.events.length;
    await bench.fail(A);
    const rounds = bench.events.slice(before).filter((event) => event.kind === 'RoundFinished');
    expect(rounds).toMatchObject([{ round: { keyCount: 200 } }]);
  });

  test('a changed check begins anew; one that stays as it is goes on', async () => {
    const bench = start();
    await bench.begin(web([A, B]));
    await bench.fail(A);
    await bench.declare(web([A, B], { ...CHECKED, scheduler: 'rr' }));
    expect(await bench.servers()).toEqual([`${B} 1`]);
    await bench.declare(web([A, B], { health: { checks: [{ name: 'open', type: 'TCP', port: 81 }] } }));
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
    expect(bench.prober.asked()).toEqual([`${A}:81`, `${B}:81`]);
  });

  test('are not added before their first success where they start as failing', async () => {
    const bench = start();
    await bench.begin(web([A, B], { health: { initialState: 'Failing', checks: [{ name: 'open', type: 'TCP' }] } }));
    expect(await bench.servers()).toEqual([]);
    await bench.pass(A, 1);
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });

  test('a full read leaves them out, too', async () => {
    const bench = start();
    await bench.begin(web([A, B]));
    await bench.fail(A);
    bench.controller.refresh();
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${B} 1`]);
  });

  test('sorry servers stand in for them, and that is told', async () => {
    const bench = start();
    await bench.begin(web([A], { ...CHECKED, sorryServers: [{ address: Z }] }));
    await bench.fail(A);
    expect(await bench.servers()).toEqual([`${Z} 1`]);
    await bench.pass(A);
    expect(await bench.servers()).toEqual([`${A} 1`]);
    const told = bench.events.filter(({ kind }) => kind === 'SorryServers' || kind === 'ChecksChanged');
    expect(told).toMatchObject([
      { changes: [{ state: { isPassing: false }, services: ['TCP 10.0.0.1:80'] }] },
      { service: 'TCP 10.0.0.1:80', object: 'VirtualService shop/web', areInUse: true },
      { changes: [{ state: { isPassing: true } }] },
      { areInUse: false },
    ]);
  });
});

describe('a restart', () => {
  test('changes nothing: what failed still fails', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([A, B]));
    await first.fail(A);
    await first.stop();
    const second = start(here);
    await second.begin(web([A, B]));
    expect(second.operations).toBe(0);
    await second.pass(A);
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 1`]);
  });

  test('what was forgotten, as nobody declared it any more, does not come back', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([A, B]), web([B], {}, '10.0.0.2'));
    await first.fail(A);
    await first.clock.advance(2 * SECOND);
    first.source.gone('VirtualService shop/web');
    await first.clock.settle();
    await first.declare(web([A, B]));
    expect(await first.servers()).toEqual([`${A} 1`, `${B} 1`]);
    await first.stop();
    const second = start(here);
    await second.begin(web([A, B]), web([B], {}, '10.0.0.2'));
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 1`]);
    expect(second.operations).toBe(0);
  });

  test('drains and ramps go on where they were', async () => {
    const here = host();
    const spec: Partial<Spec> = { drain: { timeoutSeconds: 60 }, slowStart: { durationSeconds: 40 }, ...CHECKED };
    const first = start(here, 1e12);
    await first.begin(web([A, B, Z], spec));
    first.kernel.setConnections(WEB, { address: Z, port: 80 }, { active: 1 });
    await first.fail(A);
    await first.pass(A);
    await first.declare(web([A, B], spec));
    await first.clock.advance(20 * SECOND);
    const halfway = await first.servers();
    expect(halfway).toEqual([`${A} 52`, `${B} 100`, `${Z} 0`]);
    await first.stop();
    const second = start(here, 1e12 + 20 * SECOND);
    await second.begin(web([A, B], spec));
    expect(second.operations).toBe(0);
    expect(await second.servers()).toEqual(halfway);
    await second.clock.advance(21 * SECOND);
    expect(await second.servers()).toEqual([`${A} 100`, `${B} 100`, `${Z} 0`]);
    await second.clock.advance(20 * SECOND);
    expect(await second.servers()).toEqual([`${A} 100`, `${B} 100`]);
  });

  test('a server that was removed meanwhile is drained', async () => {
    const here = host();
    const spec: Partial<Spec> = { drain: { timeoutSeconds: 60 } };
    const first = start(here);
    await first.begin(web([A, B], spec));
    await first.stop();
    const second = start(here);
    second.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 1 });
    await second.begin(web([A], spec));
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 0`]);
  });
});

describe('drains', () => {
  const DRAINING: Partial<Spec> = { drain: { timeoutSeconds: 60 } };

  test('a removed server keeps its connections until they end', async () => {
    const bench = start();
    await bench.begin(web([A, B], DRAINING));
    bench.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 3, inactive: 1 });
    await bench.declare(web([A], DRAINING));
    await bench.clock.advance(10 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
    bench.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 0, inactive: 4 });
    await bench.clock.advance(3 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });

  test('or until its time is up', async () => {
    const bench = start();
    await bench.begin(web([A, B], DRAINING));
    bench.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 3 });
    await bench.declare(web([A], DRAINING));
    await bench.clock.advance(59 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
    await bench.clock.advance(2 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`]);
  });

  test('a server that a person takes out stays out over restarts, until it is let in', async () => {
    const here = host();
    const first = start(here);
    await first.begin(web([A, B], {}), web([A], {}, '10.0.0.2'));
    await first.controller.drain({ address: A, port: null, service: null });
    await first.clock.settle();
    expect(await first.servers()).toEqual([`${A} 0`, `${B} 1`]);
    expect(await first.servers('TCP 10.0.0.2:80')).toEqual([`${A} 0`]);
    await first.stop();
    const second = start(here);
    await second.begin(web([A, B], {}), web([A], {}, '10.0.0.2'));
    expect(second.operations).toBe(0);
    await second.controller.undrain({ address: A, port: null, service: null });
    await second.clock.settle();
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 1`]);
  });

  test('of a server that a person takes out, the connections are counted until it is let in', async () => {
    const bench = start();
    await bench.begin(web([A, B], {}));
    const connectionsOfA = () => {
      const [service] = bench.controller.describeHealth(['TCP 10.0.0.1:80']);
      return service?.servers.find(({ server }) => server.address === A)?.connections;
    };
    bench.kernel.setConnections(WEB, { address: A, port: 80 }, { active: 3 });
    await bench.controller.drain({ address: A, port: null, service: null });
    await bench.clock.advance(6 * SECOND);
    expect(connectionsOfA()).toBe(3);
    bench.kernel.setConnections(WEB, { address: A, port: 80 }, { active: 1 });
    await bench.clock.advance(6 * SECOND);
    expect(connectionsOfA()).toBe(1);
    await bench.controller.undrain({ address: A, port: null, service: null });
    await bench.clock.advance(6 * SECOND);
    expect(connectionsOfA()).toBeUndefined();
  });

  test('for one port or one service alone', async () => {
    const bench = start();
    await bench.begin(web([A, B], {}), web([A], {}, '10.0.0.2'));
    await bench.controller.drain({ address: A, port: 81, service: null });
    await bench.controller.drain({ address: A, port: 80, service: 'VirtualService shop/web' });
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 1`]);
    expect(await bench.servers('TCP 10.0.0.2:80')).toEqual([`${A} 1`]);
  });

  test('a sorry server in use keeps its connections when a person takes it out, and is shown so', async () => {
    const bench = start();
    await bench.begin(web([A], { ...CHECKED, sorryServers: [{ address: Z }] }));
    await bench.fail(A);
    expect(await bench.servers()).toEqual([`${Z} 1`]);
    const ofZ = { address: Z, port: null, service: null };
    expect(await bench.controller.drain(ofZ)).toEqual(['TCP 10.0.0.1:80']);
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${Z} 0`]);
    const [health] = bench.controller.describeHealth();
    expect(health?.servers[1]).toMatchObject({ server: { address: Z }, role: 'Sorry', weight: 0, isDrained: true });
    const told = bench.events.flatMap((event) => (event.kind === 'DrainsChanged' ? event.changes : []));
    expect(told).toMatchObject([{ server: `${Z}:80`, step: 'TakenOut' }]);
    // A sorry server takes connections in need alone: nobody can wait for that.
    expect(await bench.controller.undrain(ofZ)).toEqual({ count: 1, services: [] });
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${Z} 1`]);
  });

  test('servers that leave, and those of services that leave, are found by whoever waits for them', async () => {
    const bench = start();
    await bench.begin(web([A, Z], DRAINING), web([Z], DRAINING, '10.0.0.2'));
    for (const key of [WEB, { ...WEB, address: '10.0.0.2' }]) {
      bench.kernel.setConnections(key, { address: Z, port: 80 }, { active: 1 });
    }
    bench.source.gone('VirtualService shop/web-10.0.0.2');
    await bench.declare(web([A], DRAINING));
    expect(await bench.servers()).toEqual([`${A} 1`, `${Z} 0`]);
    expect(await bench.servers('TCP 10.0.0.2:80')).toEqual([`${Z} 0`]);
    const ofZ = { address: Z, port: null, service: null };
    expect(await bench.controller.drain(ofZ)).toEqual(['TCP 10.0.0.1:80', 'TCP 10.0.0.2:80']);
    expect(await bench.controller.undrain(ofZ)).toEqual({ count: 1, services: [] });
  });

  test('a server that a person takes out, or lets in, is told of where that changes something', async () => {
    const bench = start();
    await bench.begin(web([A, B]));
    const ofA = { address: A, port: null, service: null };
    await bench.controller.drain({ ...ofA, port: 80 });
    await bench.controller.drain(ofA);
    await bench.controller.undrain({ ...ofA, address: B });
    await bench.controller.undrain(ofA);
    await bench.clock.settle();
    const told = bench.events.flatMap((event) => (event.kind === 'DrainsChanged' ? event.changes : []));
    const common = { service: 'TCP 10.0.0.1:80', object: 'VirtualService shop/web', server: `${A}:80` };
    expect(told).toEqual([
      { ...common, step: 'TakenOut' },
      { ...common, step: 'LetIn' },
    ]);
  });

  test('a drain that cannot be kept is an error, and is not in force', async () => {
    const here = host();
    here.memory.isFull = true;
    const bench = start(here);
    await bench.begin(web([A, B], {}));
    await expect(bench.controller.drain({ address: A, port: null, service: null })).rejects.toThrow('full');
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
    here.memory.isFull = false;
    await bench.clock.advance(120 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
    expect(here.memory.stored.drains).toEqual([]);
    expect(bench.events.some(({ kind }) => kind === 'DrainsChanged')).toBe(false);
  });

  test('a drain whose end cannot be kept goes on', async () => {
    const here = host();
    const bench = start(here);
    await bench.begin(web([A, B], {}));
    const ofA = { address: A, port: null, service: null };
    await bench.controller.drain(ofA);
    here.memory.isFull = true;
    await expect(bench.controller.undrain(ofA)).rejects.toThrow('full');
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 1`]);
    here.memory.isFull = false;
    await bench.clock.advance(120 * SECOND);
    expect(here.memory.stored.drains).toEqual([ofA]);
    expect(await bench.controller.undrain(ofA)).toMatchObject({ count: 1, services: ['TCP 10.0.0.1:80'] });
  });

  test('of drains at the same time each is kept, or fails, for itself', async () => {
    const here = host();
    const bench = start(here);
    await bench.begin(web([A, B], {}));
    const drains = [A, B].map((address) => ({ address, port: null, service: null }));
    const save = here.memory.save.bind(here.memory);
    here.memory.isFull = true;
    here.memory.save = (health) => {
      const saved = save(health);
      here.memory.isFull = false;
      return saved;
    };
    const results = drains.map((drain) => bench.controller.drain(drain).catch(() => 'full'));
    expect(await Promise.all(results)).toEqual(['full', ['TCP 10.0.0.1:80']]);
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
    expect(here.memory.stored.drains).toEqual(drains.slice(1));
  });
});

describe('what is shown', () => {
  test('services that are not as declared, with each server and its checks', async () => {
    const bench = start();
    await bench.begin(web([A, B]), web([B], CHECKED, '10.0.0.2'));
    await bench.fail(A);
    expect(bench.controller.snapshot().health).toMatchObject({
      checks: 2,
      failingChecks: 1,
      otherCount: 1,
      services: [
        {
          service: 'TCP 10.0.0.1:80',
          hasQuorum: true,
          servers: [
            { server: { address: A }, weight: null, isPassing: false, checks: [{ verdict: { code: 'L4CON' } }] },
            { server: { address: B }, weight: 1, isPassing: true },
          ],
        },
      ],
    });
  });
});

describe('what is told of servers', () => {
  const TWICE: Partial<Spec> = {
    health: {
      checks: [
        { name: 'open', type: 'TCP' },
        { name: 'other', type: 'TCP', port: 81 },
      ],
    },
  };
  const changes = (bench: ReturnType<typeof start>) =>
    bench.events.flatMap((event) => (event.kind === 'ServersChanged' ? event.changes : []));

  test('is by all of their checks together', async () => {
    const bench = start();
    await bench.begin(web([A, B], TWICE));
    await bench.fail(A, 3);
    await bench.pass(A);
    const common = { service: 'TCP 10.0.0.1:80', object: 'VirtualService shop/web', server: `${A}:80` };
    expect(changes(bench)).toMatchObject([
      { ...common, isPassing: false, cause: { code: 'L4CON' } },
      { ...common, isPassing: true, cause: { code: 'L4OK' } },
    ]);
  });

  test('is nothing of those that are declared no more', async () => {
    const bench = start();
    await bench.begin(web([A, B]));
    await bench.fail(A);
    await bench.declare(web([B]));
    expect(changes(bench)).toHaveLength(1);
  });
});
