import { createHash } from 'node:crypto';

/** Who writes conditions and summaries, whichever node it runs on. */
export const LEADER_MANAGER = 'ipvs-operator-leader';

/** Of server-side apply; JSON is YAML. */
export const APPLY_CONTENT_TYPE = 'application/apply-patch+yaml';

const PREFIX = 'ipvs-operator/';
/** What the API server allows. */
const MAXIMUM_BYTES = 128;
const HASH_CHARACTERS = 16;

/** The field manager of a node's entries. Names that are too long are cut, and a hash tells them apart. */
export function nodeManager(node: string): string {
  return `${PREFIX}${shortenName(node, MAXIMUM_BYTES - PREFIX.length)}`;
}

/** The name itself, or its beginning and a hash of it. Node names are ASCII. */
export function shortenName(name: string, maximumLength: number): string {
  if (name.length <= maximumLength) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARACTERS);
  return `${name.slice(0, maximumLength - HASH_CHARACTERS - 1)}-${hash}`;
}
