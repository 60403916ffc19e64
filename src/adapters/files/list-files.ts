import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const EXTENSION = /\.(ya?ml|json)$/;

/** Whether a name in a folder looks like a document's. */
export function isDocumentName(name: string): boolean {
  return EXTENSION.test(name) && !name.startsWith('.');
}

export interface FolderListing {
  /** Paths of what looks like documents, by name; links are among them whatever they lead to. */
  readonly files: readonly string[];
  /** Paths of the folders inside; links to folders are not among them, because they could lead in a circle. */
  readonly folders: readonly string[];
}

/**
 * What a folder holds. Names that begin with a dot are left out: in a mounted ConfigMap the visible names are links to
 * what such names hold. Throws what the file system says.
 */
export function listFolder(folder: string): FolderListing {
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.')) folders.push(join(folder, entry.name));
    } else if (isDocumentName(entry.name)) files.push(join(folder, entry.name));
  }
  return { files: files.sort(), folders: folders.sort() };
}

/** The files of a folder that look like documents, by name. Throws what the file system says. */
export function listFiles(folder: string, { recursive }: { readonly recursive: boolean }): readonly string[] {
  const { files, folders } = listFolder(folder);
  if (!recursive || folders.length === 0) return files;
  const entries = [
    ...files.map((path) => ({ path, isFolder: false })),
    ...folders.map((path) => ({ path, isFolder: true })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return entries.flatMap(({ path, isFolder }) => (isFolder ? listFiles(path, { recursive }) : [path]));
}
