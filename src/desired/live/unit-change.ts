import type { Issue } from '../../errors/index.js';
import type { DeclaredDocument } from '../declared.js';

/** What is read as a whole: a file, an object of the cluster. */
export interface UnitChange {
  /** Unique within the source: a file's path, `VirtualService shop/web`. */
  readonly unit: string;
  /**
   * - `Present`: these are its documents.
   * - `Broken`: it cannot be read or is not right; its last good documents go on to count.
   * - `Gone`: it is known to be there no more.
   */
  readonly content:
    | { readonly kind: 'Present'; readonly documents: readonly DeclaredDocument[] }
    | BrokenContent
    | { readonly kind: 'Gone' };
}

export interface BrokenContent {
  readonly kind: 'Broken';
  readonly issues: readonly Issue[];
  /** Of an object of a cluster: the generation that is broken. */
  readonly generation?: number;
}
