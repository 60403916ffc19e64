import fc from 'fast-check';
import { load, loadAll } from 'js-yaml';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkDirector, checkVirtualService } from '../../src/desired/generated/check.js';
import { directorSchema } from '../../src/desired/schema/director.js';
import { virtualServiceSchema } from '../../src/desired/schema/virtual-service.js';

const examples = new URL('../../examples/', import.meta.url);
const GOOD = [
  ...readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => loadAll(readFileSync(new URL(name, examples), 'utf8'))),
  load(readFileSync(new URL('corpus/everything-service.yaml', import.meta.url), 'utf8')),
  load(readFileSync(new URL('corpus/everything-director.yaml', import.meta.url), 'utf8')),
] as Record<string, unknown>[];

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 0.5, 255, 256, 65535, 65536, 4294967295, 4294967296, Number.NaN, Infinity, 1e300],
  ...[
    '',
    'a',
    'A',
    '10.0.0.1',
    '10.0.0.01',
    '2001:db8::1',
    '2001:DB8::1',
    '10.0.0.0/8',
    '10.0.0.1/8',
    '7',
    '9-3',
    'TCP',
  ],
  ...['tcp', 'Enabled', 'x'.repeat(300), [], {}, [1], ['a', 'a'], { a: 1 }],
];

/** Every place of a value, as the path to it. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown, i) => [i, item] as const)
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, item]) => placesOf(item, [...path, key]))];
}

type Change = 'Replace' | 'Remove' | 'AddField' | 'Repeat';

function changed(value: unknown, path: readonly (string | number)[], change: Change, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (change === 'AddField' && typeof value === 'object' && value !== null) return { ...value, extra: replacement };
    if (change === 'Repeat' && Array.isArray(value)) return [...(value as unknown[]), ...(value as unknown[])];
    return replacement;
  }
  const copy = structuredClone(value) as Record<string | number, unknown>;
  if (rest.length === 0 && change === 'Remove') Reflect.deleteProperty(copy, key);
  else copy[key] = changed(copy[key], rest, change, replacement);
  return copy;
}

test('the generated checker gives the same answer as the schema, whatever is changed in a good document', () => {
  const change = fc.constantFrom<Change>('Replace', 'Remove', 'AddField', 'Repeat');
  fc.assert(
    fc.property(fc.constantFrom(...GOOD), fc.nat(), change, fc.constantFrom(...VALUES), (good, at, kind, value) => {
      const places = placesOf(good);
      const document = changed(good, places[at % places.length] ?? [], kind, value);
      const isDirector = good['kind'] === 'Director';
      const expected = (isDirector ? directorSchema : virtualServiceSchema).safeParse(document).success;
      expect((isDirector ? checkDirector : checkVirtualService)(document)).toBe(expected);
    }),
    { numRuns: 1500 },
  );
}, 30_000);

test.each(GOOD.map((document) => [`${String(document['kind'])} ${JSON.stringify(document['metadata'])}`, document]))(
  'the checker takes %s',
  (_, document) => {
    expect(checkVirtualService(document) || checkDirector(document)).toBe(true);
  },
);
