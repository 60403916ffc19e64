import type { Surroundings } from '../../sources/index.js';
import type { KubeObject } from './kube-object.js';

type Labels = NonNullable<KubeObject['metadata']['labels']>;

/** The labels of the node and of the namespaces. What it tells is what is not as it was told. */
export class LabelWatch {
  readonly #namespaces = new Map<string, Labels>();
  #areNamespacesNew = false;
  #node: Labels | undefined;
  #isNodeNew = false;

  /** A node that vanishes keeps the labels that it had: an object's services shall not go because of that. */
  takeNode({ metadata: { labels = {} } }: KubeObject): void {
    if (this.#node !== undefined && sameLabels(this.#node, labels)) return;
    this.#node = labels;
    this.#isNodeNew = true;
  }

  takeNamespace({ metadata: { name, labels = {} } }: KubeObject): void {
    const before = this.#namespaces.get(name);
    if (before !== undefined && sameLabels(before, labels)) return;
    this.#namespaces.set(name, labels);
    this.#areNamespacesNew = true;
  }

  removeNamespace(name: string): void {
    if (this.#namespaces.delete(name)) this.#areNamespacesNew = true;
  }

  /** What is new since the last call; `undefined` where nothing is. */
  takeNews(): Partial<Surroundings> | undefined {
    const node = this.#isNodeNew && this.#node !== undefined ? this.#node : undefined;
    if (node === undefined && !this.#areNamespacesNew) return undefined;
    const news: Partial<Surroundings> = {
      ...(node === undefined ? {} : { nodeLabels: { kind: 'Known', labels: node } }),
      ...(this.#areNamespacesNew ? { namespaceLabels: new Map(this.#namespaces) } : {}),
    };
    this.#isNodeNew = false;
    this.#areNamespacesNew = false;
    return news;
  }
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
