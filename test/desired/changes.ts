import fc from 'fast-check';

/** One change at any place of a document: most leave it wrong, some leave it right. */
export interface Change {
  readonly kind: 'Replace' | 'Remove' | 'AddField' | 'Repeat';
  /** Which of the document's places, counted round. */
  readonly at: number;
  readonly value: unknown;
}

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 0.5, 255, 256, 65535, 65536, 4294967295, 4294967296, Number.NaN, Infinity, 1e300],
  ...['', 'a', 'A', '7', '9-3', 'TCP', 'tcp', 'Enabled', 'x'.repeat(300)],
  ...['10.0.0.1', '10.0.0.01', '2001:db8::1', '2001:DB8::1', '10.0.0.0/8', '10.0.0.1/8'],
  ...[[], {}, [1], ['a', 'a'], { a: 1 }],
];

export const arbitraryChange: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom<Change['kind']>('Replace', 'Remove', 'AddField', 'Repeat'),
  at: fc.nat(),
  value: fc.constantFrom(...VALUES),
});

export function changeDocument(document: unknown, { kind, at, value }: Change): unknown {
  const places = placesOf(document);
  return changeAt(document, places[at % places.length] ?? [], kind, value);
}

/** Every place of a value, as the path to it. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown, i) => [i, item] as const)
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, item]) => placesOf(item, [...path, key]))];
}

function changeAt(value: unknown, path: readonly (string | number)[], kind: Change['kind'], put: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (kind === 'AddField' && typeof value === 'object' && value !== null) return { ...value, extra: put };
    if (kind === 'Repeat' && Array.isArray(value)) return [...(value as unknown[]), ...(value as unknown[])];
    return put;
  }
  const copy = structuredClone(value) as Record<string | number, unknown>;
  if (rest.length === 0 && kind === 'Remove') Reflect.deleteProperty(copy, key);
  else copy[key] = changeAt(copy[key], rest, kind, put);
  return copy;
}
