import { afterEach, describe, expect, test } from 'vitest';
import type { DeclaredDocument, DeclaredVirtualService, NodeLabels } from '../../src/desired/index.js';
import { UserError } from '../../src/errors/index.js';
import type { Issue } from '../../src/errors/index.js';
import { createController, withCache } from '../../src/reconcile/index.js';
import type { CacheEvent } from '../../src/reconcile/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { SourceState, Surroundings, UnitChange } from '../../src/sources/index.js';
import { virtualService } from '../desired/documents.js';
import { ManualClock } from './manual-clock.js';
import { MemoryCache } from './memory-cache.js';
import { memoryInventory } from './memory-inventory.js';
import { ScriptedSource } from './scripted-source.js';

const SECOND = 1000;
const ISSUE: Issue = { path: 'spec', reason: 'Missing', message: 'missing' };

function service(name: string, weight = 1): DeclaredVirtualService {
  return virtualService(name, {
    addresses: [`10.0.0.${name.length}`],
    ports: [{ port: 80 }],
    realServers: [{ address: '192.168.0.1', weight }],
  });
}

interface Bench {
  readonly clock: ManualClock;
  readonly source: ScriptedSource;
  readonly cache: MemoryCache;
  /** What came through, in order: `+ unit weight`, `! unit`, `- unit`, and states. */
  readonly told: string[];
  readonly states: SourceState[];
  readonly surroundings: Partial<Surroundings>[];
  readonly events: CacheEvent[];
  readonly stop: () => Promise<void>;
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of open.splice(0)) await stop();
});

function start(cached?: Readonly<Record<string, readonly DeclaredDocument[]>>): Bench {
  const clock = new ManualClock();
  const source = new ScriptedSource();
  const cache = new MemoryCache(cached === undefined ? undefined : new Map(Object.entries(cached)));
  const told: string[] = [];
  const states: SourceState[] = [];
  const events: CacheEvent[] = [];
  const surroundings: Partial<Surroundings>[] = [];
  const ending = new AbortController();
  const running = withCache({ source, cache, clock, observe: (event) => events.push(event) }).run(
    {
      changed: (units) => told.push(...units.map(describeUnit)),
      state: (state) => {
        states.push(state);
        told.push(state.kind);
      },
      surroundings: (change) => surroundings.push(change),
    },
    ending.signal,
  );
  const stop = async (): Promise<void> => {
    ending.abort();
    await running;
  };
  open.push(stop);
  return { clock, source, cache, told, states, surroundings, events, stop };
}

function describeUnit({ unit, content }: UnitChange): string {
  switch (content.kind) {
    case 'Present':
      return `+ ${unit} ${content.documents.map(weightOf).join(' ')}`;
    case 'Broken':
      return `! ${unit}`;
    case 'Gone':
      return `- ${unit}`;
  }
}

/** With a question mark where its servers are known from an earlier boot alone. */
function weightOf(document: DeclaredDocument): string {
  if (document.kind === 'Director') return '0';
  const doubt = document.found?.isOfEarlierBoot === true ? '?' : '';
  return `${document.value.spec.realServers?.[0]?.weight ?? 1}${doubt}`;
}

const KNOWN: NodeLabels = { kind: 'Known', labels: { zone: 'a' } };
const CACHED = { a: [service('a', 1)], bb: [service('bb', 1)] };

describe('A source that tells everything', () => {
  test('is passed on as it is, at once, and the cache is not even read', async () => {
    const { source, told, cache, clock } = start(CACHED);
    source.present('a', service('a', 7));
    source.state('Complete');
    expect(told).toEqual(['+ a 7', 'Complete']);
    await clock.advance(60 * SECOND);
    expect(cache.loads).toBe(0);
  });
});

describe('A source that is away at the start', () => {
  test('is stood in for at once, and stays incomplete', async () => {
    const { source, told, states, clock } = start(CACHED);
    source.state('Away');
    await clock.settle();
    expect(told).toEqual(['+ a 1', '+ bb 1', 'Away']);
    expect(states).toEqual([
      { kind: 'Away', reason: 'it hides', cache: { savedAt: 1000, isOfEarlierBoot: false, unitCount: 2 } },
    ]);
  });

  test('is believed rather than the cache in what it told before and tells after', async () => {
    const { source, told, clock } = start(CACHED);
    source.present('a', service('a', 5));
    source.state('Away');
    await clock.settle();
    source.present('bb', service('bb', 6));
    expect(told).toEqual(['+ a 5', '+ bb 1', 'Away', '+ bb 6']);
  });

  test('is believed rather than the cache where it tells a unit, and in the same breath that it is broken', async () => {
    const { source, told, clock } = start(CACHED);
    const broken: UnitChange = { unit: 'a', content: { kind: 'Broken', issues: [ISSUE] } };
    source.changed({ unit: 'a', content: { kind: 'Present', documents: [service('a', 5)] } }, broken);
    await clock.settle();
    expect(told).toEqual(['+ a 5', '! a']);
  });

  test('ends what it does not tell with its first complete read', async () => {
    const { source, told, clock, states } = start(CACHED);
    source.state('Away');
    await clock.settle();
    source.present('a', service('a', 2));
    source.state('Complete');
    expect(told.slice(3)).toEqual(['+ a 2', '- bb', 'Complete']);
    source.state('Away');
    expect(states.at(-1)).toEqual({ kind: 'Away', reason: 'it hides' });
  });

  test('is surrounded by what the cache knows besides what it told itself', async () => {
    const { source, cache, surroundings, clock } = start(CACHED);
    const cached: Partial<Surroundings> = { nodeLabels: KNOWN, namespaceLabels: new Map([['shop', {}]]) };
    if (cache.content.kind === 'Usable') cache.content = { ...cache.content, surroundings: cached };
    source.surroundings({ namespaceLabels: new Map() });
    source.state('Away');
    await clock.settle();
    expect(surroundings).toEqual([{ namespaceLabels: new Map() }, { nodeLabels: KNOWN }]);
  });

  test('is told as it is where there is no cache, with the reason', async () => {
    const { source, told, events, clock } = start();
    source.state('Away');
    await clock.settle();
    expect(told).toEqual(['Away']);
    expect(events).toEqual([{ kind: 'CacheNotUsable', source: 'script', reason: 'there is none yet' }]);
  });
});

test('A source that says nothing is stood in for after ten seconds without a word', async () => {
  const { source, told, clock } = start(CACHED);
  await clock.advance(9 * SECOND);
  source.present('c', service('c'));
  await clock.advance(9 * SECOND);
  expect(told).toEqual(['+ c 1']);
  await clock.advance(2 * SECOND);
  expect(told).toEqual(['+ c 1', '+ a 1', '+ bb 1', 'Reading']);
});

describe('A unit that is broken at the start', () => {
  test('has its cached documents for its last good ones, whatever comes with it', async () => {
    const { source, told, clock } = start(CACHED);
    source.broken('a', ISSUE);
    source.state('Complete');
    await clock.settle();
    expect(told).toEqual(['+ a 1', '! a', '- bb', 'Complete']);
  });

  test('keeps them over the next restart too', async () => {
    const { source, cache, clock } = start(CACHED);
    source.broken('a', ISSUE);
    source.state('Complete');
    await clock.advance(6 * SECOND);
    expect([...cache.units.keys()]).toEqual(['a']);
  });

  test('has none where the cache does not know it', async () => {
    const { source, told, clock } = start(CACHED);
    source.broken('c', ISSUE);
    await clock.settle();
    expect(told).toEqual(['! c']);
  });

  test('is broken like any other once everything was read', () => {
    const { source, told, cache } = start(CACHED);
    source.state('Complete');
    source.broken('a', ISSUE);
    expect(told).toEqual(['Complete', '! a']);
    expect(cache.loads).toBe(0);
  });
});

describe('What is complete is saved', () => {
  test('some seconds after the first of several changes, together', async () => {
    const { source, cache, clock } = start();
    source.present('a', service('a'));
    source.state('Complete');
    await clock.advance(6 * SECOND);
    expect(cache.saves).toEqual([['a']]);
    source.present('a', service('a', 2));
    await clock.advance(4 * SECOND);
    source.present('b', service('b'));
    source.gone('a');
    await clock.advance(2 * SECOND);
    expect(cache.saves).toEqual([['a'], ['a', 'b']]);
    expect([...cache.units.keys()]).toEqual(['b']);
  });

  test('not while the source is away, and then with what was told meanwhile', async () => {
    const { source, cache, clock } = start();
    source.state('Complete');
    await clock.advance(6 * SECOND);
    source.state('Away');
    source.present('a', service('a'));
    await clock.advance(3600 * SECOND);
    expect(cache.saves).toEqual([[]]);
    source.state('Complete');
    await clock.advance(6 * SECOND);
    expect(cache.saves).toEqual([[], ['a']]);
  });

  test('now and then where nothing changes, so that it does not grow old', async () => {
    const { source, cache, clock } = start();
    source.state('Complete');
    await clock.advance(3600 * SECOND);
    expect(cache.saves.length).toBeGreaterThanOrEqual(6);
    expect(cache.saves.length).toBeLessThan(10);
  });

  test('at the end, where something is left to save', async () => {
    const { source, cache, stop } = start();
    source.present('a', service('a'));
    source.state('Complete');
    await stop();
    expect([...cache.units.keys()]).toEqual(['a']);
  });

  test('never before the first complete read', async () => {
    const { source, cache, clock, stop } = start(CACHED);
    source.state('Away');
    await clock.advance(3600 * SECOND);
    await stop();
    expect(cache.saves).toEqual([]);
  });

  test('later, where the disk refuses it; that is said once', async () => {
    const { source, cache, clock, events } = start();
    cache.error = new UserError('the disk is full');
    source.present('a', service('a'));
    source.state('Complete');
    await clock.advance(600 * SECOND);
    expect(events.map(({ kind }) => kind)).toEqual(['CacheNotSaved']);
    cache.error = undefined;
    await clock.advance(60 * SECOND);
    expect(cache.saves).toEqual([['a']]);
  });
});

test('After a boot, what the cache has of found servers is told as doubtful', async () => {
  const found = { servers: [{ address: '10.1.0.1', ports: [80], isDraining: false, from: 0 }], faults: [] };
  const { source, cache, clock, told } = start();
  cache.content = {
    kind: 'Usable',
    units: new Map<string, readonly DeclaredDocument[]>([
      ['a', [service('a')]],
      ['b', [{ ...service('b'), found }]],
      ['c', [{ ...service('c'), found }]],
    ]),
    surroundings: {},
    savedAt: 1000,
    isOfEarlierBoot: true,
  };
  source.broken('c', ISSUE);
  source.state('Away');
  await clock.settle();
  expect(told).toEqual(['+ c 1?', '! c', '+ a 1', '+ b 1?', 'Away']);
});

describe('A controller that starts without its source', () => {
  test('keeps the table, changes servers by the cache, and removes nothing until the source is back', async () => {
    const clock = new ManualClock();
    const kernel = createFakeKernel();
    const inventory = memoryInventory();
    const cache = new MemoryCache();
    const run = async (act: (source: ScriptedSource) => Promise<void>): Promise<void> => {
      const source = new ScriptedSource();
      const ending = new AbortController();
      const controller = createController({
        kernel,
        inventory,
        sources: [withCache({ source, cache, clock, observe: () => undefined })],
        options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false },
        clock,
        random: () => 0.5,
        observe: () => undefined,
      });
      const running = controller.run(ending.signal);
      await clock.settle();
      await act(source);
      ending.abort();
      await running;
    };
    const weights = async (): Promise<readonly string[]> =>
      [...(await kernel.readTable())].map(
        ([key, { servers }]) => `${key} ${servers.map(({ weight }) => weight).join()}`,
      );

    await run(async (source) => {
      source.presentAll([service('a', 1), service('bb', 1)]);
      source.state('Complete');
      await clock.advance(10 * SECOND);
    });
    expect(await weights()).toEqual(['TCP 10.0.0.1:80 1', 'TCP 10.0.0.2:80 1']);

    // While nobody looked: another program changed a weight, and an object was deleted.
    const [web] = [...(await kernel.readTable()).values()];
    const [first] = web?.servers ?? [];
    if (web === undefined || first === undefined) throw new Error('there is no server');
    kernel.writeAsAnother({ kind: 'EditServer', key: web.key, server: { ...first, weight: 9 } });

    await run(async (source) => {
      source.state('Away');
      await clock.advance(60 * SECOND);
      expect(await weights()).toEqual(['TCP 10.0.0.1:80 1', 'TCP 10.0.0.2:80 1']);
      source.presentAll([service('a', 4)]);
      source.state('Complete');
      await clock.advance(SECOND);
      expect(await weights()).toEqual(['TCP 10.0.0.1:80 4']);
    });
  });
});
