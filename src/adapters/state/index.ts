/**
 * Floor 4. What outlives a boot of this host, below /var/lib: what the sources said last, and how servers were. It
 * decides nothing: what is kept when is the reconciler's.
 */
export type { CacheStamp } from './cache-format.js';
export { createHealthMemory } from './health-file.js';
export { createSourceCache } from './source-cache-file.js';
export type { SourceCacheOptions } from './source-cache-file.js';
