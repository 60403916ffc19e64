import { objectKey } from './kube-object.js';
import type { KubeObject } from './kube-object.js';

/** The kinds that people declare, as their paths name them. */
export const DECLARED_KINDS = { VirtualService: 'virtualservices', Director: 'directors' } as const;
export type DeclaredKind = keyof typeof DECLARED_KINDS;

export const DECLARED_API_VERSION = 'ipvs-operator.io/v1alpha1';

/** Is told of the declared objects as the API server has them, status included. Quick, and never throws. */
export interface ObjectObserver {
  /** These are new, or not as they were. */
  seen(kind: DeclaredKind, objects: readonly KubeObject[]): void;
  /** `shop/web`, or `edge`: they are there no more. */
  gone(kind: DeclaredKind, keys: readonly string[]): void;
}

/** `VirtualService shop/web`, `Director edge`. */
export function objectText(kind: DeclaredKind, object: KubeObject): string {
  return `${kind} ${objectKey(object)}`;
}

export interface DeclaredName {
  readonly kind: DeclaredKind;
  readonly name: string;
  readonly namespace?: string;
}

/** The reverse of {@link objectText}; `undefined` for any other text. */
export function parseObjectText(text: string): DeclaredName | undefined {
  const match = /^(VirtualService|Director) (?:([^/]+)\/)?([^/]+)$/.exec(text);
  const [, kind, namespace, name] = match ?? [];
  if (name === undefined || (kind !== 'VirtualService' && kind !== 'Director')) return undefined;
  if ((kind === 'VirtualService') !== (namespace !== undefined)) return undefined;
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

export function collectionPath(kind: DeclaredKind): string {
  return `/apis/${DECLARED_API_VERSION}/${DECLARED_KINDS[kind]}`;
}

export function objectPath({ kind, name, namespace }: DeclaredName): string {
  const place = namespace === undefined ? '' : `namespaces/${namespace}/`;
  return `/apis/${DECLARED_API_VERSION}/${place}${DECLARED_KINDS[kind]}/${name}`;
}

/** What server-side apply sends as one manager's part of the status; an empty status withdraws that part. */
export function statusPatch({ kind, name, namespace }: DeclaredName, status: object): object {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: DECLARED_API_VERSION, kind, metadata, status };
}
