import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** One that is in use is written to every ten minutes, so that nobody's is taken who only has another patience. */
const LEAST_AGE_SECONDS = 7 * 86_400;

export function cacheFileName(hash: string): string {
  return `cache-${hash}.jsonl`;
}

/** Removes caches that nobody has written to for so long that nobody would use them: of sources that are no more. */
export async function removeOldCaches(
  directory: string,
  maximumAgeSeconds: number,
  nowEpochMilliseconds: number,
): Promise<void> {
  const age = Math.max(maximumAgeSeconds, LEAST_AGE_SECONDS);
  for (const name of await readdir(directory)) {
    if (!/^cache-[0-9a-f]{16}\.jsonl$/.test(name)) continue;
    const path = join(directory, name);
    const { mtimeMs } = await lstat(path);
    if (nowEpochMilliseconds - mtimeMs > age * 1000) await unlink(path);
  }
}
