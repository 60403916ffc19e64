import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSourceCache } from '../../../src/adapters/state/index.js';
import type { SourceCacheOptions } from '../../../src/adapters/state/index.js';
import { readDocuments } from '../../../src/desired/index.js';
import type { DeclaredDocument } from '../../../src/desired/index.js';
import { UserError } from '../../../src/errors/index.js';
import type {
  CacheContent,
  CacheRefusal,
  SourceContent,
  Surroundings,
  UnitDocuments,
} from '../../../src/sources/index.js';
import { virtualService } from '../../desired/documents.js';

const HOUR = 3_600_000;

let directory: string;
let now: number;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cache-'));
  now = Date.UTC(2026, 0, 5);
});

afterEach(async () => {
  for (const cache of opened.splice(0)) await cache.close();
  await rm(directory, { recursive: true });
});

function openCache(changes: Partial<SourceCacheOptions> = {}) {
  const cache = createSourceCache({
    directory,
    stamp: { source: 'files /etc', node: 'edge' },
    bootId: 'boot-1',
    maximumAgeSeconds: 86_400,
    nowEpochMilliseconds: () => now,
    ...changes,
  });
  opened.push(cache);
  return cache;
}

async function cachePath(): Promise<string> {
  const [name = ''] = await readdir(directory);
  return join(directory, name);
}

function web(weight: number, name = 'web'): DeclaredDocument {
  return virtualService(name, {
    addresses: ['10.0.0.1'],
    ports: [{ port: 80 }],
    realServers: [{ address: '192.168.0.1', weight }],
  });
}

const NO_SURROUNDINGS = {};

function units(entries: Readonly<Record<string, readonly DeclaredDocument[]>>): SourceContent {
  return { units: new Map(Object.entries(entries)), surroundings: NO_SURROUNDINGS };
}

function usable(content: CacheContent | CacheRefusal): CacheContent {
  if (content.kind === 'Unusable') throw new Error(content.reason);
  return content;
}

test('What was saved is loaded, with its time and whether the host was started anew since', async () => {
  const state = units({ a: [web(1)], b: [] });
  await openCache().save(state, state.units.keys());
  expect(await openCache().load()).toEqual({ kind: 'Usable', ...state, savedAt: now, isOfEarlierBoot: false });
  expect(await openCache({ bootId: 'boot-2' }).load()).toMatchObject({ isOfEarlierBoot: true });
});

test('Servers that were found, and what is around the objects, are kept as well', async () => {
  const found = { servers: [{ address: '10.1.0.1', ports: [8080, null], isDraining: true, from: 0 }], faults: [] };
  const document = { ...web(1), found } as DeclaredDocument;
  const surroundings: Partial<Surroundings> = {
    nodeLabels: { kind: 'Known', labels: { zone: 'a' } },
    namespaceLabels: new Map([['shop', { team: 'red' }]]),
  };
  const cache = openCache();
  await cache.save({ units: new Map([['a', [document]]]), surroundings }, ['a']);
  expect(await openCache().load()).toMatchObject({ units: new Map([['a', [document]]]), surroundings });
  const later: Partial<Surroundings> = { ...surroundings, nodeLabels: { kind: 'Known', labels: { zone: 'b' } } };
  await cache.save({ units: new Map([['a', [document]]]), surroundings: later }, []);
  expect(await openCache().load()).toMatchObject({ units: new Map([['a', [document]]]), surroundings: later });
});

test('Only the last state counts: what changed, came and went since the first save', async () => {
  const cache = openCache();
  await cache.save(units({ a: [web(1)], b: [web(1, 'b')] }), ['a', 'b']);
  const state = units({ a: [web(2)], c: [web(1, 'c')] });
  await cache.save(state, ['a', 'b', 'c']);
  now += HOUR;
  await cache.save(state, []);
  expect(await openCache().load()).toEqual({ kind: 'Usable', ...state, savedAt: now, isOfEarlierBoot: false });
});

test('The file does not grow for ever', async () => {
  const cache = openCache();
  for (let i = 0; i < 1500; i++) await cache.save(units({ a: [web(i % 2)] }), ['a']);
  const lines = (await readFile(await cachePath(), 'utf8')).split('\n').length;
  expect(lines).toBeLessThan(1100);
  expect(usable(await openCache().load()).units).toEqual(units({ a: [web(1)] }).units);
});

test('Documents of files keep where they are from, and not the text, which may hold more than is declared', async () => {
  const text = `# a remark that is nobody's business
apiVersion: ipvs-operator.io/v1alpha1
kind: VirtualService
metadata: { name: web }
spec: { addresses: [10.0.0.1], ports: [{ port: 80 }] }
`;
  const { documents } = await readDocuments('web.yaml', text);
  await openCache().save(units({ 'web.yaml': documents }), ['web.yaml']);
  expect(await readFile(await cachePath(), 'utf8')).not.toContain('nobody');
  const [document] = usable(await openCache().load()).units.get('web.yaml') ?? [];
  expect(document).toMatchObject({ object: 'VirtualService default/web', source: { file: 'web.yaml', text: '' } });
});

describe('A cache is refused', () => {
  const state = units({ a: [web(1)] });

  test('where there is none', async () => {
    expect(await openCache().load()).toEqual({ kind: 'Unusable', reason: 'there is none yet' });
  });

  test('of another source, node or cluster', async () => {
    await openCache().save(state, ['a']);
    for (const stamp of [
      { source: 'files /srv', node: 'edge' },
      { source: 'files /etc', node: 'core' },
      { source: 'files /etc', node: 'edge', cluster: 'https://10.0.0.1' },
    ]) {
      expect(await openCache({ stamp }).load()).toMatchObject({ kind: 'Unusable' });
    }
  });

  test('whose header says something else than its name', async () => {
    await openCache().save(state, ['a']);
    const path = await cachePath();
    await writeFile(path, (await readFile(path, 'utf8')).replace('"edge"', '"core"'));
    expect(await openCache().load()).toMatchObject({
      kind: 'Unusable',
      reason: expect.stringContaining('another') as unknown,
    });
  });

  test('that is too old', async () => {
    await openCache().save(state, ['a']);
    now += 24 * HOUR;
    expect(await openCache().load()).toMatchObject({ kind: 'Usable' });
    now += 1000;
    expect(await openCache().load()).toMatchObject({ kind: 'Unusable' });
  });

  test('that somebody else put there as a link', async () => {
    await openCache().save(state, ['a']);
    const path = await cachePath();
    await rm(path);
    await symlink('/etc/passwd', path);
    expect(await openCache().load()).toMatchObject({ kind: 'Unusable' });
  });
});

test('A document that this version would refuse is left out with its unit', async () => {
  const state = units({ a: [web(1)], b: [web(-1, 'b')] });
  await openCache().save(state, ['a', 'b']);
  expect([...usable(await openCache().load()).units.keys()]).toEqual(['a']);
});

test('Where the disk refuses, the error says so, and the next save works', async () => {
  const cache = openCache();
  await writeFile(join(directory, 'file'), '');
  const blocked = openCache({ directory: join(directory, 'file') });
  await expect(blocked.save(units({}), [])).rejects.toThrow(UserError);
  await cache.save(units({ a: [web(1)] }), ['a']);
  expect(await openCache().load()).toMatchObject({ kind: 'Usable' });
});

describe('Wherever', () => {
  /** A file with three states in it, and the states. */
  async function threeStates(): Promise<{ readonly content: Buffer; readonly states: readonly SourceContent[] }> {
    const states = [
      units({ a: [web(1)], b: [web(1, 'b')] }),
      units({ a: [web(2)], b: [web(2, 'b')], c: [] }),
      units({ c: [web(3, 'c')] }),
    ];
    const cache = openCache();
    for (const state of states) await cache.save(state, ['a', 'b', 'c']);
    return { content: await readFile(await cachePath()), states };
  }

  test('the file is cut off, it is refused, or holds one of its states whole', async () => {
    const { content, states } = await threeStates();
    const path = await cachePath();
    const seen = new Set<number>();
    for (let length = 0; length <= content.length; length++) {
      await writeFile(path, content.subarray(0, length));
      const loaded = await openCache().load();
      const index = loaded.kind === 'Unusable' ? -1 : states.findIndex((state) => sameUnits(state.units, loaded.units));
      if (loaded.kind === 'Usable') expect(index).toBeGreaterThanOrEqual(0);
      seen.add(index);
    }
    expect(seen).toEqual(new Set([-1, 0, 1, 2]));
  });

  test('a byte is another one, it is refused, or holds one of its states whole', async () => {
    const { content, states } = await threeStates();
    const path = await cachePath();
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(content);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        await writeFile(path, damaged);
        const loaded = await openCache().load();
        if (loaded.kind === 'Usable') expect(states.some((state) => sameUnits(state.units, loaded.units))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('the file ends, the next save makes it whole', async () => {
    const { content } = await threeStates();
    await writeFile(await cachePath(), content.subarray(0, content.length - 5));
    const state = units({ d: [web(4, 'd')] });
    await openCache().save(state, ['d']);
    expect(usable(await openCache().load()).units).toEqual(state.units);
  });
});

function sameUnits(a: UnitDocuments, b: UnitDocuments): boolean {
  const text = (of: UnitDocuments): string =>
    JSON.stringify([...of].map(([unit, documents]) => [unit, documents.map(({ value }) => value)]).sort());
  return text(a) === text(b);
}

test('A cache that nobody has written to for a week goes with the next new one; other files stay', async () => {
  const ages = { 'cache-0123456789abcdef.jsonl': 8, 'cache-fedcba9876543210.jsonl': 6, 'drains.json': 400 };
  for (const [name, days] of Object.entries(ages)) {
    await writeFile(join(directory, name), 'old');
    const time = new Date(now - days * 24 * HOUR);
    await utimes(join(directory, name), time, time);
  }
  await openCache().save({ units: new Map([['a', [web(1)]]]), surroundings: {} }, ['a']);
  const names = await readdir(directory);
  expect(names.filter((name) => name in ages).sort()).toEqual(['cache-fedcba9876543210.jsonl', 'drains.json']);
  expect(names).toHaveLength(3);
});
