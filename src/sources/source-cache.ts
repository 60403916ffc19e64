import type { DeclaredDocument, Surroundings } from '../desired/index.js';

/** The last good documents of units, by the unit's name. */
export type UnitDocuments = ReadonlyMap<string, readonly DeclaredDocument[]>;

/** All that a source told, as it was at one moment. */
export interface SourceContent {
  readonly units: UnitDocuments;
  /** What the source never told is absent. */
  readonly surroundings: Partial<Surroundings>;
}

/** What is kept of one source, so that a start without it goes on with the last complete state. */
export interface SourceCache {
  /** Never rejects: what cannot be used is refused, with the reason. */
  load(): Promise<CacheContent | CacheRefusal>;
  /**
   * Keeps what all is now. Resolves when it is on disk; until then, and after a crash meanwhile, the state
   * before is what is kept. Rejects with UserError where the disk refuses it, and may be called again then.
   *
   * @param content not to be changed before this has resolved
   * @param changed the names of the units that are not as they were at the last call
   */
  save(content: SourceContent, changed: Iterable<string>): Promise<void>;
}

/** A state that was complete. */
export interface CacheContent extends SourceContent {
  readonly kind: 'Usable';
  /** When it was known to be all that there is, in milliseconds of the Unix epoch. */
  readonly savedAt: number;
  /** Whether the host was started anew since. */
  readonly isOfEarlierBoot: boolean;
}

export interface CacheRefusal {
  readonly kind: 'Unusable';
  /** A part of a sentence: `it is 26 hours old`. */
  readonly reason: string;
}
