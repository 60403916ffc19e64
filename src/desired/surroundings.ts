import type { MarkRange } from '../model/index.js';

export type Labels = Readonly<Record<string, string>>;

/** What is known of the labels of the node that this director runs on. */
export type NodeLabels =
  /** Nobody says any, and nobody will: every object applies, whatever it selects. */
  | { readonly kind: 'Unknown' }
  /** They are still to be told: objects that select nodes wait. */
  | { readonly kind: 'Awaited' }
  | { readonly kind: 'Known'; readonly labels: Labels };

/** What around the declared objects decides which of them apply, and what they may. */
export interface Surroundings {
  readonly nodeLabels: NodeLabels;
  /** By the namespace's name. Of one that is not here its name is all that is known. */
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
  /** What this node is in the failover of each Director, by `Director edge`; `null` where nobody elects anybody. */
  readonly roles: ReadonlyMap<string, DirectorRole> | null;
  /** Whether checks may run programs of this host. */
  readonly runsPrograms: boolean;
  /** The firewall marks that lead checks to servers; `null`: there are none. */
  readonly checkMarks: MarkRange | null;
  /** Whether checks may show certificates of this host. */
  readonly showsCertificates: boolean;
}

/** `Unknown`: it cannot be found out now, or not yet. */
export type DirectorRole = 'Leader' | 'Follower' | 'Unknown';

/** A host of its own, of which nothing was said. */
export const NO_SURROUNDINGS: Surroundings = {
  nodeLabels: { kind: 'Unknown' },
  namespaceLabels: new Map(),
  roles: null,
  runsPrograms: false,
  checkMarks: null,
  showsCertificates: false,
};
