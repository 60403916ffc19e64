import type { SourceState } from '../../sources/index.js';
import type { ApiError } from './api-error.js';
import type { ReflectorState } from './reflector.js';
import type { ResourceName } from './resources.js';

/** How the source as a whole is, from how each followed resource is. */
export class ClusterState {
  readonly #states = new Map<ResourceName, ReflectorState>();
  readonly #nodeName: string | undefined;
  #isNodeThere = false;

  /** With the node's name where its labels are read from the cluster. */
  constructor(resources: readonly ResourceName[], nodeName: string | undefined) {
    for (const resource of resources) this.#states.set(resource, { kind: 'Reading' });
    this.#nodeName = nodeName;
  }

  set(resource: ResourceName, state: ReflectorState): void {
    this.#states.set(resource, state);
  }

  noteNode(isThere: boolean): void {
    this.#isNodeThere = isThere;
  }

  current(): SourceState {
    const reasons = new Set<string>();
    for (const [resource, state] of this.#states) {
      if (state.kind === 'Away') reasons.add(describeAway(resource, state.error));
    }
    if (this.#nodeName !== undefined && this.#states.get('nodes')?.kind === 'Synced' && !this.#isNodeThere) {
      reasons.add(
        `the cluster has no Node ${this.#nodeName}: --node-name says which one this is, or --node-labels what it would say`,
      );
    }
    if (reasons.size > 0) return { kind: 'Away', reason: [...reasons].join('; ') };
    const isComplete = [...this.#states.values()].every(({ kind }) => kind === 'Synced');
    return { kind: isComplete ? 'Complete' : 'Reading' };
  }
}

function describeAway(resource: ResourceName, error: ApiError): string {
  const isOurs = resource === 'virtualservices' || resource === 'directors';
  if (error.status === 404 && isOurs) {
    return `the API server knows no ${resource}.ipvs-operator.io: the custom resource definitions are to be applied first`;
  }
  if (error.status === 403 && resource === 'nodes') return `${error.message} (--node-labels does without)`;
  // What is wrong with the server as a whole is said once.
  return error.status === 0 ? error.message : `${resource}: ${error.message}`;
}
