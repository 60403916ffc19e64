import { describe, expect, test } from 'vitest';
import type { ControllerEvent } from '../../src/reconcile/index.js';
import { virtualService } from '../desired/documents.js';
import { A, B, host, SECOND, start, WEB, web } from './health-bench.js';
import type { Bench, Spec } from './health-bench.js';

const DRAINING: Partial<Spec> = { drain: { timeoutSeconds: 60 } };
const OBJECT = 'VirtualService shop/web';
const OTHER = '10.0.0.2';

/** Two services, so that one that goes is not all that there is; the first has a connection. */
async function begin(bench: Bench, spec: Partial<Spec> = DRAINING): Promise<void> {
  await bench.begin(web([A, B], spec), web([A], {}, OTHER));
  bench.kernel.setConnections(WEB, { address: A, port: 80 }, { active: 1 });
}

async function remove(bench: Bench): Promise<void> {
  bench.source.gone(OBJECT);
  await bench.clock.settle();
}

function steps(events: readonly ControllerEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'DrainsChanged' ? event.changes.map(({ server, step }) => `${server ?? 'all'} ${step}`) : [],
  );
}

describe('a service that is removed as a whole', () => {
  test('keeps its connections until they end', async () => {
    const bench = start();
    await begin(bench);
    await remove(bench);
    await bench.clock.advance(20 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`]);
    bench.kernel.setConnections(WEB, { address: A, port: 80 }, { active: 0, inactive: 1 });
    await bench.clock.advance(3 * SECOND);
    expect(await bench.servers()).toBeUndefined();
    expect(steps(bench.events)).toEqual(['all Began', 'all ConnectionsEnded']);
  });

  test('or until its time is up', async () => {
    const bench = start();
    await begin(bench);
    await remove(bench);
    await bench.clock.advance(59 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`]);
    await bench.clock.advance(2 * SECOND);
    expect(await bench.servers()).toBeUndefined();
    expect(steps(bench.events)).toEqual(['all Began', 'all TimeIsUp']);
  });

  test('goes at once without a drain, without servers, and where it is another program’s', async () => {
    const here = host();
    await here.kernel.apply([
      {
        kind: 'AddService',
        key: { protocol: 'TCP', address: '10.0.0.3', port: 80 },
        settings: { scheduler: 'rr', schedulerFlags: 0, onePacketScheduling: false, persistence: null },
      },
    ]);
    const bench = start(here);
    await bench.begin(web([A], {}), web([], DRAINING, OTHER), web([A], DRAINING, '10.0.0.3'), web([A], {}, '10.0.0.4'));
    bench.source.gone(OBJECT, `VirtualService shop/web-${OTHER}`, 'VirtualService shop/web-10.0.0.3');
    await bench.clock.settle();
    expect([...(await bench.kernel.readTable()).keys()].sort()).toEqual(['TCP 10.0.0.3:80', 'TCP 10.0.0.4:80']);
    expect(steps(bench.events)).toEqual([]);
  });

  test('a key that its object does not name any more drains alike, and the others go on', async () => {
    const bench = start();
    await bench.begin(web([A], { ...DRAINING, ports: [{ port: 80 }, { port: 81 }] }));
    bench.kernel.setConnections(WEB, { address: A, port: 80 }, { active: 1 });
    await bench.declare(web([A], { ...DRAINING, ports: [{ port: 81 }] }));
    expect(await bench.servers()).toEqual([`${A} 0`]);
    expect(await bench.servers('TCP 10.0.0.1:81')).toEqual([`${A} 1`]);
  });

  test('takes connections again when it is declared again, and its servers that drained go on with it', async () => {
    const bench = start();
    await begin(bench);
    bench.kernel.setConnections(WEB, { address: B, port: 80 }, { active: 1 });
    await bench.declare(web([A], DRAINING));
    await remove(bench);
    await bench.clock.advance(10 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`]);
    await bench.declare(web([A], DRAINING));
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 0`]);
    await bench.clock.advance(60 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`]);
    expect(steps(bench.events)).toEqual([`${B}:80 Began`, 'all Began', 'all Cancelled', `${B}:80 TimeIsUp`]);
  });

  test('is another object’s at once where that claims the key', async () => {
    const bench = start();
    await begin(bench);
    const rival = virtualService('rival', {
      addresses: ['10.0.0.1'],
      ports: [{ port: 80 }],
      realServers: [{ address: B }],
    });
    bench.source.presentAll([rival]);
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
    await remove(bench);
    expect(await bench.servers()).toEqual([`${B} 1`]);
  });

  test('is left as it is where its object is suspended instead', async () => {
    const bench = start();
    await begin(bench);
    await bench.declare(web([A, B], { ...DRAINING, suspend: true }));
    await bench.clock.advance(100 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
    await remove(bench);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`]);
  });

  test('what others do to its weights meanwhile is repaired', async () => {
    const bench = start();
    await begin(bench);
    await remove(bench);
    const server = (await bench.kernel.readTable()).get('TCP 10.0.0.1:80')?.servers[0];
    if (server === undefined) throw new Error('it has no server');
    await bench.kernel.apply([{ kind: 'EditServer', key: WEB, server: { ...server, weight: 7 } }]);
    await bench.clock.advance(31 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`]);
  });
});

describe('careful removal', () => {
  test('nothing loses its weights while an input is broken', async () => {
    const bench = start();
    await begin(bench);
    bench.source.broken('other', { path: '', reason: 'InvalidValue', message: 'no YAML' });
    await remove(bench);
    await bench.clock.advance(100 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`, `${B} 1`]);
    bench.source.gone('other');
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${A} 0`, `${B} 0`]);
  });

  test('nothing loses its weights while the source is away, and what drains already goes no further', async () => {
    const bench = start();
    await bench.begin(web([A], DRAINING), web([A], DRAINING, OTHER), web([A], {}, '10.0.0.3'));
    bench.source.gone(`VirtualService shop/web-${OTHER}`);
    await bench.clock.settle();
    bench.source.state('Away');
    await remove(bench);
    await bench.clock.advance(100 * SECOND);
    expect(await bench.servers()).toEqual([`${A} 1`]);
    expect(await bench.servers(`TCP ${OTHER}:80`)).toEqual([`${A} 0`]);
    bench.kernel.setConnections(WEB, { address: A, port: 80 }, { active: 1 });
    bench.source.state('Complete');
    await bench.clock.settle();
    expect(await bench.servers()).toEqual([`${A} 0`]);
    expect(await bench.servers(`TCP ${OTHER}:80`)).toBeUndefined();
  });

  test('too many at once keep their weights; let go by a person they drain, and go without being asked about again', async () => {
    const bench = start();
    const names = Array.from({ length: 20 }, (_, i) => `10.9.0.${i + 1}`);
    await bench.begin(...names.map((name) => web([A], DRAINING, name)));
    bench.source.gone(...names.map((name) => `VirtualService shop/web-${name}`));
    await bench.clock.settle();
    expect(bench.controller.snapshot().removals.heldBack).toHaveLength(20);
    expect(await bench.servers('TCP 10.9.0.1:80')).toEqual([`${A} 1`]);
    bench.controller.releaseHeldBack();
    await bench.clock.settle();
    expect(await bench.servers('TCP 10.9.0.1:80')).toEqual([`${A} 0`]);
    expect(bench.controller.snapshot().removals.heldBack).toEqual([]);
    await bench.clock.advance(61 * SECOND);
    expect(await bench.kernel.readTable()).toEqual(new Map());
  });
});

describe('what is shown of it', () => {
  const PERSISTENT: Partial<Spec> = { ...DRAINING, persistence: { timeoutSeconds: 300 } };

  test('its servers, their connections and until when, and that persistent clients come back', async () => {
    const bench = start();
    await begin(bench, PERSISTENT);
    await remove(bench);
    await bench.clock.advance(10 * SECOND);
    expect(bench.controller.snapshot().health).toMatchObject({
      departingServices: 1,
      servers: { leaving: 2 },
      otherCount: 1,
      services: [
        {
          service: 'TCP 10.0.0.1:80',
          object: OBJECT,
          isLeaving: true,
          keepsClients: true,
          servers: [
            { server: { address: A }, role: 'Leaving', weight: 0, connections: 1, deadlineMilliseconds: 60 * SECOND },
            { server: { address: B }, connections: 0 },
          ],
        },
      ],
    });
    await bench.kernel.apply([{ kind: 'SetSysctl', name: 'expire_quiescent_template', value: '1' }]);
    await bench.clock.advance(31 * SECOND);
    expect(bench.controller.snapshot().health.services[0]).toMatchObject({ keepsClients: false });
  });

  test('the object, as long as it is declared, says which of its keys drain', async () => {
    const states = new Map<string, string>();
    const bench = start(host(), 1e12, {
      statusSink: {
        report: (reports) => {
          for (const { object, state } of reports) states.set(object, state?.reason ?? 'gone');
        },
      },
    });
    await bench.begin(web([A], { ...DRAINING, ports: [{ port: 80 }, { port: 81 }] }));
    expect(states.get(OBJECT)).toBe('Programmed');
    await bench.declare(web([A], { ...DRAINING, ports: [{ port: 81 }] }));
    expect(states.get(OBJECT)).toBe('Draining');
    await bench.clock.advance(61 * SECOND);
    expect(states.get(OBJECT)).toBe('Programmed');
  });
});

describe('a restart', () => {
  test('goes on where it was', async () => {
    const here = host();
    const first = start(here, 1e12);
    await begin(first);
    await remove(first);
    await first.clock.advance(20 * SECOND);
    await first.stop();
    const second = start(here, 1e12 + 20 * SECOND);
    await second.begin(web([A], {}, OTHER));
    expect(second.operations).toBe(0);
    await second.clock.advance(39 * SECOND);
    expect(await second.servers()).toEqual([`${A} 0`, `${B} 0`]);
    await second.clock.advance(2 * SECOND);
    expect(await second.servers()).toBeUndefined();
    expect(here.memory.stored.departures).toEqual({});
  });

  test('after its time is up, it goes as soon as everything is read', async () => {
    const here = host();
    const first = start(here, 1e12);
    await begin(first);
    await remove(first);
    await first.stop();
    const second = start(here, 1e12 + 100 * SECOND);
    second.source.presentAll([web([A], {}, OTHER)]);
    await second.clock.advance(20 * SECOND);
    expect(await second.servers()).toEqual([`${A} 0`, `${B} 0`]);
    second.source.state('Complete');
    await second.clock.settle();
    expect(await second.servers()).toBeUndefined();
  });

  test('it is not drained where it is declared again meanwhile', async () => {
    const here = host();
    const first = start(here);
    await begin(first);
    await remove(first);
    await first.stop();
    const second = start(here);
    await second.begin(web([A, B], DRAINING), web([A], {}, OTHER));
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 1`]);
    await second.clock.advance(100 * SECOND);
    expect(await second.servers()).toEqual([`${A} 1`, `${B} 1`]);
  });
});
