/** Reproducible randomness: the same seed, the same numbers. */
export interface Random {
  /** A whole number from `minimum` to `maximum`, both included. */
  integer(minimum: number, maximum: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** True this often: 0 never, 1 always. */
  chance(probability: number): boolean;
  /** Some of the items, in their order: at least `minimum`, each one at most once. */
  some<Item>(items: readonly Item[], minimum: number, maximum: number): readonly Item[];
}

/** The seed of this run: $E2E_SEED to repeat one that failed, else a new one. It is printed either way. */
export function chooseSeed(): number {
  const seed = Number(process.env['E2E_SEED'] ?? Date.now() % 0x7fffffff);
  console.log(`E2E_SEED=${seed}`);
  return seed;
}

/** The generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 0x100000000;
  };
  const integer = (minimum: number, maximum: number): number => minimum + Math.floor(next() * (maximum - minimum + 1));
  return {
    integer,
    pick: (items) => {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    chance: (probability) => next() < probability,
    some: (items, minimum, maximum) => {
      const chosen = new Set<number>();
      const count = integer(minimum, Math.min(maximum, items.length));
      while (chosen.size < count) chosen.add(integer(0, items.length - 1));
      return items.filter((_, i) => chosen.has(i));
    },
  };
}
