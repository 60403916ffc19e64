/**
 * Floor 2. The ports that documents come through, and that say what became of them. Sources read and follow; they do not
 * decide what is wanted, and they know nothing of the kernel. No I/O here.
 */
export type { Surroundings, UnitChange } from '../desired/index.js';
export type { CacheContent, CacheRefusal, SourceCache, SourceContent, UnitDocuments } from './source-cache.js';
export type { CacheUse, Source, SourceListener, SourceState } from './source.js';
export type { StatusSink } from './status-sink.js';
