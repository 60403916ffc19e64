/**
 * Floor 4. What outlives a process on this host: the inventory below /run, what the sources said last and how servers
 * were below /var/lib, and the lock that lets one process at a time write to a network namespace's IPVS. It decides
 * nothing: what is recorded when is the reconciler's.
 */
export type { CacheStamp } from './cache-format.js';
export { createHealthMemory } from './health-file.js';
export { openInventory } from './inventory-journal.js';
export { lockNamespace } from './namespace-lock.js';
export type { LockHolder, LockOutcome, LockRole, NamespaceLock } from './namespace-lock.js';
export { readNamespaceStamp } from './namespace-stamp.js';
export type { NamespaceStamp } from './namespace-stamp.js';
export { createSourceCache } from './source-cache-file.js';
export type { SourceCacheOptions } from './source-cache-file.js';
