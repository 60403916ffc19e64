import type { Inventory, InventoryEntry } from '../../src/kernel/index.js';

/** An inventory without a file. `history` is what it was told, in order: `+ key` and `- key`. */
export interface MemoryInventory extends Inventory {
  readonly history: readonly string[];
}

export function memoryInventory(start: Iterable<readonly [string, InventoryEntry]> = []): MemoryInventory {
  const entries = new Map(start);
  const history: string[] = [];
  return {
    history,
    entries: () => entries,
    record: (intents) => {
      for (const { key, object, set } of intents) {
        entries.set(key, { object, set });
        history.push(`+ ${key}`);
      }
      return Promise.resolve();
    },
    forget: (keys) => {
      for (const key of keys) if (entries.delete(key)) history.push(`- ${key}`);
      return Promise.resolve();
    },
  };
}
