import { malformed } from './json-lines.js';

/** Any object of the API, as far as following it needs to know. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** `shop/web`; of an object without a namespace its name. */
export function objectKey({ metadata: { name, namespace } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** One page of a list. */
export interface ListPage {
  readonly items: readonly KubeObject[];
  /** Where the list stood; a watch goes on from there. */
  readonly resourceVersion: string;
  /** Where the next page begins; `undefined` on the last one. */
  readonly continueToken: string | undefined;
}

/** Throws an `ApiError` where the answer is no list. */
export function readPage(body: unknown): ListPage {
  const { items, metadata } = (body ?? {}) as {
    items?: unknown;
    metadata?: { resourceVersion?: unknown; continue?: unknown };
  };
  // A list without elements comes as null from some servers.
  const list = items ?? [];
  if (!Array.isArray(list) || typeof metadata?.resourceVersion !== 'string')
    throw malformed('something that is no list');
  const { continue: token } = metadata;
  return {
    items: list.map(readObjectOf),
    resourceVersion: metadata.resourceVersion,
    continueToken: typeof token === 'string' && token !== '' ? token : undefined,
  };
}

/** Throws an `ApiError` where the value is no object with a name. */
export function readObjectOf(value: unknown): KubeObject {
  const object = value as { readonly metadata?: { readonly name?: unknown } } | null | undefined;
  if (typeof object?.metadata?.name !== 'string') throw malformed('an object without a name');
  return object as KubeObject;
}

/** The version that a bookmark or an object carries; `undefined` where it has none. */
export function versionOf(value: unknown): string | undefined {
  const version = (value as { metadata?: { resourceVersion?: unknown } } | null | undefined)?.metadata?.resourceVersion;
  return typeof version === 'string' && version !== '' ? version : undefined;
}
