import type { Inventory, InventoryEntry } from '../../src/kernel/index.js';

/** An inventory without a file. `history` is what it was told, in order: `+ key`, `! key` (confirmed) and `- key`. */
export interface MemoryInventory extends Inventory {
  readonly history: readonly string[];
}

export function memoryInventory(start: Iterable<readonly [string, InventoryEntry]> = []): MemoryInventory {
  return inventoryIn(new Map(start));
}

/** The same with its entries in this map. */
export function inventoryIn(entries: Map<string, InventoryEntry>): MemoryInventory {
  const history: string[] = [];
  return {
    history,
    entries: () => entries,
    record: (intents) => {
      for (const { key, ...entry } of intents) {
        entries.set(key, entry);
        history.push(`+ ${key}`);
      }
      return Promise.resolve();
    },
    confirm: (keys) => {
      for (const key of keys) {
        const entry = entries.get(key);
        if (entry?.imprint === undefined) continue;
        entries.set(key, { object: entry.object, set: entry.set });
        history.push(`! ${key}`);
      }
      return Promise.resolve();
    },
    forget: (keys) => {
      for (const key of keys) if (entries.delete(key)) history.push(`- ${key}`);
      return Promise.resolve();
    },
  };
}
