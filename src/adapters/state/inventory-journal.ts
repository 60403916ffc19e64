import type { Inventory } from '../../kernel/index.js';
import type { NamespaceStamp } from './namespace-stamp.js';

export interface OpenInventoryOptions {
  /** /run/ipvs-operator */
  readonly directory?: string;
  readonly stamp: NamespaceStamp;
}

/**
 * The inventory of one network namespace. Opening only reads; the folder and the file come with the first record.
 * Whoever records must hold the namespace's lock.
 *
 * Throws UserError where the folder or the file cannot be used or trusted.
 */
export async function openInventory(options: OpenInventoryOptions): Promise<Inventory & { close(): Promise<void> }> {
  await Promise.resolve();
  throw new Error(`to come: ${options.directory ?? ''}`);
}
