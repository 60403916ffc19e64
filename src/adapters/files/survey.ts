import { statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { findAnchors } from './anchors.js';
import type { FolderIdentity } from './folder-watches.js';
import { listFolder } from './list-files.js';
import { describeFileError } from './read-file.js';

/** What is behind the paths of a source at one moment. */
export interface Survey {
  /** Everything that looks like a document, and the files that were named themselves. */
  readonly files: ReadonlySet<string>;
  /** The folders that could be listed. */
  readonly folders: ReadonlyMap<string, FolderIdentity>;
  /** See {@link findAnchors}. */
  readonly anchors: ReadonlySet<string>;
  /** Paths that could not be looked at, and why. What is below them is not known, which is not the same as gone. */
  readonly away: ReadonlyMap<string, string>;
}

export interface SurveyOptions {
  readonly recursive: boolean;
  /** The last survey; without it nothing is taken for suspicious. */
  readonly before: Survey | undefined;
  /** Whether documents are known that lie in this folder or below it. */
  readonly hasKnownFiles: (folder: string) => boolean;
  readonly pause: () => Promise<void>;
}

/**
 * Looks at paths. What was named must be there: a file or folder that is not is away, because it is more likely to be
 * mounted later, or again, than it is a wish for nothing. The same holds for an empty folder in the place of another
 * one that was not: a mount point without its volume.
 */
export async function survey(paths: readonly string[], options: SurveyOptions): Promise<Survey> {
  const files = new Set<string>();
  const folders = new Map<string, FolderIdentity>();
  const away = new Map<string, string>();
  const visit = async (path: string, isNamed: boolean): Promise<void> => {
    try {
      const status = statSync(path);
      if (!status.isDirectory()) {
        files.add(path);
        return;
      }
      const listing = listFolder(path);
      folders.set(path, { dev: status.dev, ino: status.ino });
      for (const file of listing.files) files.add(file);
      if (listing.files.length + listing.folders.length === 0 && isSuspicious(path, status, options)) {
        away.set(path, 'it is another folder than before, and empty');
      }
      if (!options.recursive) return;
      await options.pause();
      for (const folder of listing.folders) await visit(folder, false);
    } catch (error) {
      // One that was listed just now and is gone has gone the way of a file.
      if (isNamed || !isMissing(error)) away.set(path, describeFileError(error));
    }
  };
  for (const path of paths) await visit(path, true);
  return { files, folders, anchors: new Set(paths.flatMap(findAnchors)), away };
}

function isSuspicious(folder: string, { dev, ino }: FolderIdentity, { before, hasKnownFiles }: SurveyOptions): boolean {
  if (before === undefined) return false;
  const known = before.folders.get(folder);
  const isSame = known?.dev === dev && known.ino === ino && !before.away.has(folder);
  return !isSame && hasKnownFiles(folder);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Whether nothing is known about a path because it, or a folder above it, is away. */
export function isAway(path: string, { away }: Survey): boolean {
  for (const place of away.keys()) if (path === place || path.startsWith(`${place}${sep}`)) return true;
  return false;
}

/** The folders to watch: those that hold the documents, and those that hold the anchors. */
export function foldersToWatch({ folders, anchors }: Survey): ReadonlyMap<string, FolderIdentity> {
  const watched = new Map(folders);
  for (const anchor of anchors) {
    const folder = dirname(anchor);
    const status = watched.has(folder) ? undefined : statSync(folder, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) watched.set(folder, { dev: status.dev, ino: status.ino });
  }
  return watched;
}
