import type { UserError } from '../errors/index.js';
import type { Source, SourceCache } from '../sources/index.js';
import type { Clock } from './clock.js';

export interface CachedSourceInput {
  readonly source: Source;
  readonly cache: SourceCache;
  readonly clock: Clock;
  readonly observe: (event: CacheEvent) => void;
}

export type CacheEvent =
  /** The source does not tell what there is, and the cache cannot stand in for it. */
  | { readonly kind: 'CacheNotUsable'; readonly source: string; readonly reason: string }
  /** Told once, until it works again. */
  | { readonly kind: 'CacheNotSaved'; readonly source: string; readonly error: UserError };
