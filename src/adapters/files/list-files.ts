import { readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';

const EXTENSION = /\.(ya?ml|json)$/;

/**
 * The files of a folder that look like documents, by name. Names that begin with a dot are left out: in a mounted
 * ConfigMap the visible names are links to what such names hold. Throws what the file system says.
 */
export function listFiles(folder: string, options: { readonly recursive: boolean }): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => listEntry(folder, entry, options));
}

function listEntry(folder: string, entry: Dirent, options: { readonly recursive: boolean }): readonly string[] {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return options.recursive ? listFiles(path, options) : [];
  return EXTENSION.test(entry.name) ? [path] : [];
}
