/**
 * What this program made in the kernel. IPVS has no labels, so this is the only memory of it. An entry is written
 * before the operation that makes the thing, so that a crash in between forgets nothing, and confirmed after it: until
 * then what is there may as well be somebody else's.
 */
export interface Inventory {
  /** All entries, by key text: a `serviceKeyText` or a `syncDaemonKeyText`. */
  entries(): ReadonlyMap<string, InventoryEntry>;
  /** Resolves when the entries are on disk. Keys that are there already change their owner. */
  record(intents: readonly InventoryIntent[]): Promise<void>;
  /** Resolves when it is on disk that these things were made. Keys that are unknown, or confirmed already, are no error. */
  confirm(keys: readonly string[]): Promise<void>;
  /** Resolves when the entries are gone from disk. Unknown keys are no error. */
  forget(keys: readonly string[]): Promise<void>;
}

export interface InventoryEntry {
  /** The declared object that wanted it: `VirtualService shop/web`. */
  readonly object: string;
  /** The set that the object was applied in; `apply --prune` stays within one. */
  readonly set: string;
  /** Where the thing is not known to have been made: what it was to be like, as the planner knows it again. */
  readonly imprint?: string;
}

export interface InventoryIntent extends InventoryEntry {
  readonly key: string;
}
