import type { IssueReason } from '../errors/index.js';
import type { Path } from './declared.js';

/** An issue before it has a place in a text. */
export interface Fault {
  readonly path: Path;
  readonly reason: IssueReason;
  readonly message: string;
  /** Set where the name of the field is what is wrong, not its value. */
  readonly atKey?: true;
}

/** A path as messages show it: `spec.realServers[2].weight`, `metadata.labels["example.org/app"]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}
