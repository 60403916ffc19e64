import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backOffMilliseconds, SYSTEM_PACING } from '../../../src/adapters/kubernetes/pacing.js';
import { Reflector } from '../../../src/adapters/kubernetes/reflector.js';
import type { ReflectorState } from '../../../src/adapters/kubernetes/reflector.js';
import { ScriptedCluster } from './scripted-cluster.js';
import type { AskedRequest, Fault } from './scripted-cluster.js';

const PATH = '/apis/example.org/v1/things';

let cluster: ScriptedCluster;
let ending: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  cluster = await ScriptedCluster.start();
  ending = new AbortController();
  running = Promise.resolve();
});

afterEach(async () => {
  ending.abort();
  await running;
  await cluster.close();
});

/** What a listener would believe, and what it was told in order to. */
interface Followed {
  readonly reflector: Reflector;
  readonly objects: Map<string, unknown>;
  readonly told: string[];
  readonly states: ReflectorState[];
  /** Milliseconds of every rest. */
  readonly rests: number[];
}

function follow(pageSize = 500): Followed {
  const followed = {
    objects: new Map<string, unknown>(),
    told: [] as string[],
    states: [] as ReflectorState[],
    rests: [] as number[],
  };
  const reflector = new Reflector(
    {
      client: cluster.client,
      path: PATH,
      pageSize,
      pacing: {
        ...SYSTEM_PACING,
        random: () => 0.5,
        // Rests are noted and cut short.
        sleep: (milliseconds, signal) => {
          followed.rests.push(milliseconds);
          return SYSTEM_PACING.sleep(Math.min(milliseconds, 5), signal);
        },
      },
    },
    {
      upsert: (objects) => {
        for (const object of objects) {
          followed.objects.set(object.metadata.name, (object as unknown as { spec?: unknown }).spec);
          followed.told.push(`+${object.metadata.name}`);
        }
      },
      remove: (keys) => {
        for (const key of keys) followed.objects.delete(key);
        followed.told.push(...keys.map((key) => `-${key}`));
      },
      state: (state) => followed.states.push(state),
    },
  );
  running = reflector.run(ending.signal);
  return { reflector, ...followed };
}

function put(name: string, value = 1): void {
  cluster.put(PATH, { metadata: { name }, spec: { value } } as never);
}

function lists(): readonly AskedRequest[] {
  return cluster.requests.filter(({ isWatch }) => !isWatch);
}

const untilWatched = () =>
  vi.waitFor(() => {
    expect(cluster.watchCount).toBe(1);
  }, 5000);
const states = ({ states }: Followed) => states.map(({ kind }) => kind);

describe('a reflector', () => {
  it('lists in pages, watches from there, and tells what changes', async () => {
    for (let i = 0; i < 25; i++) put(`thing-${i}`);
    const followed = follow(10);
    await untilWatched();
    expect(followed.objects.size).toBe(25);
    expect(lists()).toHaveLength(3);
    put('thing-3', 2);
    put('new');
    cluster.delete(PATH, 'thing-7');
    await vi.waitFor(() => {
      expect(followed.told.slice(25)).toEqual(['+thing-3', '+new', '-thing-7']);
    });
    expect(followed.objects.get('thing-3')).toEqual({ value: 2 });
    expect(states(followed)).toEqual(['Synced']);
  });

  it('goes on where it was when the server ends the watch, and tells nothing twice', async () => {
    put('a');
    const followed = follow();
    await untilWatched();
    put('b');
    await vi.waitFor(() => {
      expect(followed.objects.size).toBe(2);
    });
    cluster.endWatches();
    await vi.waitFor(() => {
      expect(followed.reflector.counts().watches).toBe(2);
    });
    await untilWatched();
    put('c');
    await vi.waitFor(() => {
      expect(followed.told).toEqual(['+a', '+b', '+c']);
    });
    expect(lists()).toHaveLength(1);
    expect(states(followed)).toEqual(['Synced']);
  });

  it('goes on from a bookmark', async () => {
    put('a');
    const followed = follow();
    await untilWatched();
    cluster.put('/elsewhere', { metadata: { name: 'x' } });
    cluster.compact();
    cluster.bookmark();
    await vi.waitFor(() => {
      expect(followed.reflector.counts().lastEventMilliseconds).toBeDefined();
    });
    cluster.endWatches();
    await vi.waitFor(() => {
      expect(followed.reflector.counts().watches).toBe(2);
    });
    expect(followed.reflector.counts()).toMatchObject({ lists: 1, expirations: 0 });
  });

  it.each<[string, () => void]>([
    [
      'as an answer',
      () => {
        cluster.compact();
      },
    ],
    [
      'as an event',
      () => {
        let isFirst = true;
        cluster.fault = ({ isWatch }) =>
          isWatch && isFirst ? ((isFirst = false), { kind: 'ExpiredEvent' }) : undefined;
      },
    ],
  ])('lists again where the server forgot its place, told %s, and tells the difference', async (_, expire) => {
    put('stays');
    put('goes');
    put('changes');
    const followed = follow();
    await untilWatched();
    cluster.fault = ({ isWatch }) => (isWatch ? { kind: 'Hang' } : undefined);
    cluster.endWatches();
    await vi.waitFor(() => {
      expect(cluster.watchCount).toBe(0);
    });
    followed.told.length = 0;
    cluster.delete(PATH, 'goes');
    put('changes', 2);
    put('comes');
    cluster.fault = () => undefined;
    expire();
    followed.reflector.refresh();
    await untilWatched();
    expect([...followed.told].sort()).toEqual(['+changes', '+comes', '-goes']);
    expect([...followed.objects.keys()].sort()).toEqual(['changes', 'comes', 'stays']);
  });

  it('lists without pages where the pages expire in the midst', async () => {
    for (let i = 0; i < 25; i++) put(`thing-${i}`);
    cluster.fault = ({ query }) => (query.has('continue') ? { kind: 'Status', status: 410 } : undefined);
    const followed = follow(10);
    await untilWatched();
    expect(followed.objects.size).toBe(25);
    expect(lists().map(({ query }) => query.get('limit'))).toEqual(['10', '10', null]);
  });

  it.each<[string, Fault]>([
    ['answers 500', { kind: 'Status', status: 500 }],
    ['answers 429', { kind: 'Status', status: 429, retryAfterSeconds: 3 }],
    ['resets connections', { kind: 'Reset' }],
    ['answers half', { kind: 'Truncate' }],
  ])('waits ever longer while the server %s, and says so once it does not', async (_, fault) => {
    put('a');
    cluster.fault = () => fault;
    const followed = follow();
    await vi.waitFor(() => {
      expect(followed.rests.length).toBeGreaterThan(4);
    }, 5000);
    cluster.fault = () => undefined;
    await untilWatched();
    expect(followed.objects.size).toBe(1);
    expect(states(followed)[0]).toBe('Away');
    expect(states(followed).at(-1)).toBe('Synced');
    const [first = 0, , , , fifth = 0] = followed.rests;
    if (fault.kind === 'Status' && fault.status === 429) expect(first).toBe(3000);
    else expect(fifth).toBeGreaterThan(4 * first);
  });

  it('backs off from watches that end at once, without calling it trouble', async () => {
    put('a');
    cluster.fault = ({ isWatch }) => (isWatch ? { kind: 'EndOfWatch' } : undefined);
    const followed = follow();
    await vi.waitFor(() => {
      expect(followed.rests.length).toBeGreaterThan(6);
    }, 5000);
    expect(followed.rests[6] ?? 0).toBeGreaterThan(4 * (followed.rests[0] ?? 0));
    expect(states(followed)).toEqual(['Synced']);
    expect(followed.told).toEqual(['+a']);
  });

  it.each<[string, (request: AskedRequest) => Fault | undefined]>([
    ['every list', ({ isWatch }) => (isWatch ? undefined : { kind: 'Status', status: 410 })],
    ['every watch, at once', ({ isWatch }) => (isWatch ? { kind: 'ExpiredEvent' } : undefined)],
    [
      'every watch, after an event',
      ({ isWatch, query }) => {
        if (!isWatch) return undefined;
        const resourceVersion = `${query.get('resourceVersion') ?? ''}0`;
        return { kind: 'ExpiredEvent', after: { metadata: { name: 'a', resourceVersion } } };
      },
    ],
  ])('waits ever longer for a server that has forgotten %s, and says so from the second time on', async (_, fault) => {
    put('a');
    cluster.fault = fault;
    const followed = follow();
    await vi.waitFor(() => {
      expect(followed.rests.length).toBeGreaterThan(6);
    }, 5000);
    const [first = 0, second = 0, , , , , seventh = 0] = followed.rests;
    expect(first).toBeLessThan(second);
    expect(seventh).toBeGreaterThan(8 * first);
    expect(states(followed).filter((state) => state === 'Away').length).toBeGreaterThan(4);
    expect(states(followed).indexOf('Away')).toBeLessThan(2);
    cluster.fault = () => undefined;
    await untilWatched();
    expect(states(followed).at(-1)).toBe('Synced');
  });

  it('survives a server that is stopped and started', async () => {
    put('a');
    const followed = follow();
    await untilWatched();
    await cluster.stop();
    await vi.waitFor(() => {
      expect(states(followed)).toContain('Away');
    }, 5000);
    put('b');
    cluster.delete(PATH, 'a');
    await cluster.start();
    await vi.waitFor(() => {
      expect([...followed.objects.keys()]).toEqual(['b']);
    }, 5000);
    expect(states(followed).at(-1)).toBe('Synced');
    expect(followed.objects.has('a')).toBe(false);
  });

  it('ends at once when it is told, whatever it is doing', async () => {
    put('a');
    cluster.fault = () => ({ kind: 'Hang' });
    follow();
    await vi.waitFor(() => {
      expect(cluster.requests).toHaveLength(1);
    });
    ending.abort();
    await running;
    ending = new AbortController();
    cluster.fault = () => undefined;
    const { told } = follow();
    await untilWatched();
    ending.abort();
    await running;
    put('b');
    expect(told).toEqual(['+a']);
  });

  it('believes what the server has, whatever happens in between', async () => {
    const followed = follow(3);
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const faults: readonly Fault[] = [
      { kind: 'Reset' },
      { kind: 'Truncate' },
      { kind: 'ExpiredEvent' },
      { kind: 'Status', status: 503 },
      { kind: 'Status', status: 410 },
    ];
    for (let round = 0; round < 150; round++) {
      const name = `thing-${random(10)}`;
      if (random(3) === 0) cluster.delete(PATH, name);
      else put(name, round);
      if (random(6) === 0) cluster.endWatches();
      if (random(12) === 0) cluster.compact();
      if (random(8) === 0) cluster.bookmark();
      if (random(25) === 0) {
        await cluster.stop();
        await cluster.start();
      }
      cluster.fault = () => (random(4) === 0 ? faults[random(faults.length)] : undefined);
      await new Promise((resolve) => setTimeout(resolve, random(6)));
    }
    cluster.fault = () => undefined;
    put('last', 1);
    await vi.waitFor(() => {
      expect(followed.objects.has('last')).toBe(true);
    }, 10_000);
    const page = await cluster.client.request({ method: 'GET', path: PATH });
    const { items } = page.body as { items: { metadata: { name: string }; spec: unknown }[] };
    expect(new Map([...followed.objects].sort())).toEqual(
      new Map(items.map(({ metadata, spec }) => [metadata.name, spec] as [string, unknown]).sort()),
    );
  });
});

describe('the time between tries', () => {
  it('doubles up to ten seconds, and half of it is chance', () => {
    const delays = [0, 1, 2, 3, 6, 7, 100].map((attempts) => backOffMilliseconds(attempts, () => 1));
    expect(delays).toEqual([100, 200, 400, 800, 6400, 10_000, 10_000]);
    expect(backOffMilliseconds(3, () => 0)).toBe(400);
  });
});
