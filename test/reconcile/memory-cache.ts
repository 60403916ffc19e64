import type { UserError } from '../../src/errors/index.js';
import type { CacheContent, CacheRefusal, SourceCache, SourceContent, UnitDocuments } from '../../src/sources/index.js';

/** A cache without a file. */
export class MemoryCache implements SourceCache {
  content: CacheContent | CacheRefusal = { kind: 'Unusable', reason: 'there is none yet' };
  loads = 0;
  /** What every save was told had changed. */
  readonly saves: string[][] = [];
  /** The next saves fail with it. */
  error: UserError | undefined;

  constructor(units?: UnitDocuments) {
    if (units !== undefined)
      this.content = { kind: 'Usable', units, surroundings: {}, savedAt: 1000, isOfEarlierBoot: false };
  }

  get units(): UnitDocuments {
    return this.content.kind === 'Usable' ? this.content.units : new Map();
  }

  async load(): Promise<CacheContent | CacheRefusal> {
    this.loads++;
    await Promise.resolve();
    return this.content;
  }

  async save(content: SourceContent, changed: Iterable<string>): Promise<void> {
    await Promise.resolve();
    if (this.error !== undefined) throw this.error;
    this.saves.push([...changed].sort());
    this.content = { kind: 'Usable', ...content, savedAt: 1000, isOfEarlierBoot: false };
  }
}
