import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { UserError } from '../../errors/index.js';
import type { CacheContent, CacheRefusal, SourceCache, SourceContent } from '../../sources/index.js';
import { cacheHeaderLine, parseCache, sealLine, surroundingsLine, unitLine } from './cache-format.js';
import type { CacheStamp } from './cache-format.js';
import { cacheFileName, removeOldCaches } from './old-caches.js';
import { openForAppending, makePrivateFolder, readPrivateFile, replaceFile, withFileErrors } from '../private-files.js';

export interface SourceCacheOptions {
  /** /var/lib/ipvs-operator */
  readonly directory: string;
  readonly stamp: CacheStamp;
  readonly bootId: string;
  /** What is older is not used any more. */
  readonly maximumAgeSeconds: number;
  /** `Date.now` */
  readonly nowEpochMilliseconds: () => number;
}

/** So many documents are some milliseconds of work on a slow machine. */
const DOCUMENTS_PER_WRITE = 32;
/** The file is written anew once it has this many lines that mean nothing any more, and more than others. */
const TOLERATED_GARBAGE = 1000;

/** The cache of one source. Nothing is read or written before somebody asks. */
export function createSourceCache(options: SourceCacheOptions): SourceCache & { close(): Promise<void> } {
  return new SourceCacheFile(options);
}

class SourceCacheFile implements SourceCache {
  readonly #options: SourceCacheOptions;
  readonly #path: string;
  /** Open while the file is as this process wrote it. */
  #handle: FileHandle | undefined;
  #lineCount = 0;
  /** As they are in the file. */
  #surroundings: SourceContent['surroundings'] | undefined;

  constructor(options: SourceCacheOptions) {
    this.#options = options;
    const { source, node, cluster = '' } = options.stamp;
    const name = createHash('sha256')
      .update(JSON.stringify([source, node, cluster]))
      .digest('hex')
      .slice(0, 16);
    this.#path = join(options.directory, cacheFileName(name));
  }

  async load(): Promise<CacheContent | CacheRefusal> {
    const { stamp, bootId, maximumAgeSeconds, nowEpochMilliseconds } = this.#options;
    let content: Buffer | undefined;
    try {
      content = await readPrivateFile(this.#path);
    } catch (error) {
      if (error instanceof UserError) return { kind: 'Unusable', reason: error.message };
      throw error;
    }
    if (content === undefined) return { kind: 'Unusable', reason: 'there is none yet' };
    const cache = await parseCache(content, stamp, () => nextTurn());
    if (cache.kind === 'Foreign') return { kind: 'Unusable', reason: `${this.#path} is of another source or version` };
    if (cache.kind === 'Damaged') return { kind: 'Unusable', reason: `${this.#path} is damaged` };
    // One from the future is of a clock that was wrong then, or is now: that is no reason to forget everything.
    const ageSeconds = (nowEpochMilliseconds() - cache.savedAt) / 1000;
    if (ageSeconds > maximumAgeSeconds) {
      return { kind: 'Unusable', reason: `what it holds was last right ${Math.round(ageSeconds)} seconds ago` };
    }
    const { units, surroundings, savedAt } = cache;
    return { kind: 'Usable', units, surroundings, savedAt, isOfEarlierBoot: cache.bootId !== bootId };
  }

  async save(content: SourceContent, changed: Iterable<string>): Promise<void> {
    const handle = this.#handle;
    const { size } = content.units;
    const garbage = this.#lineCount - size;
    if (handle === undefined || (garbage > TOLERATED_GARBAGE && garbage > size)) {
      await this.#rewrite(content);
      return;
    }
    const surroundings = content.surroundings === this.#surroundings ? '' : surroundingsLine(content.surroundings);
    try {
      await withFileErrors(this.#path, async () => {
        this.#lineCount += await writeSealed(
          handle,
          surroundings,
          content,
          changed,
          this.#options.nowEpochMilliseconds(),
        );
        await handle.datasync();
      });
      this.#surroundings = content.surroundings;
    } catch (error) {
      // Half a batch may be there, and what follows it would not count: the next save begins anew.
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #rewrite(content: SourceContent): Promise<void> {
    const { directory, stamp, bootId, maximumAgeSeconds, nowEpochMilliseconds } = this.#options;
    await this.close();
    await makePrivateFolder(directory);
    await withFileErrors(directory, () => removeOldCaches(directory, maximumAgeSeconds, nowEpochMilliseconds()));
    await replaceFile(this.#path, async (handle) => {
      const head = cacheHeaderLine(stamp, bootId) + surroundingsLine(content.surroundings);
      this.#lineCount = await writeSealed(handle, head, content, content.units.keys(), nowEpochMilliseconds());
      await handle.sync();
    });
    await withFileErrors(directory, () => syncFolder(directory));
    this.#handle = await openForAppending(this.#path);
    this.#surroundings = content.surroundings;
  }
}

/** Writes the head and units, little by little, and then the seal. Gives the number of lines. */
async function writeSealed(
  handle: FileHandle,
  head: string,
  { units }: SourceContent,
  names: Iterable<string>,
  savedAt: number,
): Promise<number> {
  let text = head;
  let checksum = 0;
  let lineCount = 0;
  let waiting = 0;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(text);
    checksum = crc32(bytes, checksum);
    await handle.writeFile(bytes);
    text = '';
    waiting = 0;
  };
  for (const name of names) {
    const documents = units.get(name);
    text += unitLine(name, documents);
    lineCount++;
    waiting += documents?.length ?? 1;
    if (waiting >= DOCUMENTS_PER_WRITE) await flush();
  }
  await flush();
  await handle.writeFile(sealLine(savedAt, checksum));
  return head.split('\n').length + lineCount;
}

/** Only then is the new name of a file safe from a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
