import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** As many links as Linux follows in one path. */
const MAXIMUM_LINKS = 40;

/**
 * The names on the way to a path that may lead somewhere else tomorrow: the path itself, every symbolic link on the way
 * (a checkout is often published by swapping one), and the first name that is not there yet. Whoever watches the folders
 * of these names notices when the path means something else.
 */
export function findAnchors(path: string): readonly string[] {
  const anchors = new Set<string>([resolve(path)]);
  let links = 0;
  const walk = (absolute: string): void => {
    const { root } = parse(absolute);
    let at = root;
    const names = absolute.slice(root.length).split(sep);
    for (const [i, name] of names.entries()) {
      at = join(at, name);
      const kind = kindOf(at);
      if (kind === 'Other') continue;
      anchors.add(at);
      if (kind === 'Link' && ++links <= MAXIMUM_LINKS) {
        walk(join(resolve(dirname(at), readlinkSync(at)), ...names.slice(i + 1)));
      }
      return;
    }
    anchors.add(absolute);
  };
  try {
    walk(resolve(path));
  } catch {
    // A link that went between two looks: what was found is watched, and its going is an event of that.
  }
  return [...anchors];
}

function kindOf(path: string): 'Link' | 'Missing' | 'Other' {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'Missing';
  return status.isSymbolicLink() ? 'Link' : 'Other';
}
