import type { Path } from '../declared.js';
import { pathText } from '../faults.js';
import type { Fault } from '../faults.js';

/** Faults for the elements of a list whose key an earlier element has already. */
export function findDuplicates<Item>(
  items: readonly Item[] | undefined,
  path: Path,
  keyOf: (item: Item) => string,
): readonly Fault[] {
  if (items === undefined || items.length < 2) return [];
  const keys = new Set<string>();
  for (const item of items) keys.add(keyOf(item));
  return keys.size === items.length ? [] : describeDuplicates(items, path, keyOf);
}

function describeDuplicates<Item>(items: readonly Item[], path: Path, keyOf: (item: Item) => string): readonly Fault[] {
  const first = new Map<string, number>();
  return items.flatMap((item, i) => {
    const key = keyOf(item);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, i);
      return [];
    }
    const message = `${key} is there already, at ${pathText([...path, earlier])}`;
    return [{ path: [...path, i], reason: 'Duplicate', message } satisfies Fault];
  });
}
