/**
 * Floor 4. Whose the table is: the inventory below /run, which says what this program made in a network namespace, and
 * the lock that lets one process at a time write there. It decides nothing: what is recorded when is the reconciler's.
 */
export { openInventory } from './inventory-journal.js';
export { lockNamespace } from './namespace-lock.js';
export type { LockHolder, LockOutcome, LockRole, NamespaceLock } from './namespace-lock.js';
export { readNamespaceStamp } from './namespace-stamp.js';
export type { NamespaceStamp } from './namespace-stamp.js';
