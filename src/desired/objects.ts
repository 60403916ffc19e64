import type { DeclaredDocument, DirectorDocument, Path, VirtualServiceDocument } from './declared.js';
import type { Fault } from './faults.js';
import { API_VERSION, DEFAULT_NAMESPACE } from './schema/limits.js';
import { describeValue, listChoices, quote, suggest } from './texts.js';

const KINDS = ['VirtualService', 'Director'] as const;
export type Kind = (typeof KINDS)[number];

/** The kinds of lists that kubectl and the API server print. */
const LIST_KINDS: readonly unknown[] = ['List', ...KINDS.map((kind) => `${kind}List`)];

/** One object of a document: the document's own value, or an item of a list. */
export interface FoundObject {
  readonly root: Path;
  readonly value: unknown;
}

/** The objects that a document holds: none in an empty one, several in a list. */
export function findObjects(value: unknown): readonly FoundObject[] {
  if (value === null || value === undefined) return [];
  if (isMapping(value) && LIST_KINDS.includes(value['kind']) && Array.isArray(value['items'])) {
    return value['items'].map((item: unknown, i) => ({ root: ['items', i], value: item }));
  }
  return [{ root: [], value }];
}

/** The kind of an object, or the fault that keeps it from having one. */
export function kindOf(value: unknown): Kind | Fault {
  const kind = isMapping(value) ? value['kind'] : undefined;
  const known = KINDS.find((name) => name === kind);
  if (known !== undefined) return known;
  const expected = listChoices(KINDS);
  if (!isMapping(value)) {
    return { path: [], reason: 'WrongType', message: `expected a ${expected}, found ${describeValue(value)}` };
  }
  if (kind === undefined) {
    return { path: ['kind'], reason: 'Missing', message: `missing: expected ${expected}, of ${API_VERSION}` };
  }
  return {
    path: ['kind'],
    reason: typeof kind === 'string' ? 'InvalidValue' : 'WrongType',
    message: `expected ${expected}, found ${describeValue(kind)}${typeof kind === 'string' ? suggest(kind, KINDS) : ''}`,
  };
}

/** How an object is called, as far as it says. */
export function objectName(kind: Kind, value: unknown): string | undefined {
  const metadata = isMapping(value) ? value['metadata'] : undefined;
  if (!isMapping(metadata) || typeof metadata['name'] !== 'string') return undefined;
  const name = metadata['name'];
  if (kind === 'Director') return `Director ${shorten(name)}`;
  const namespace = metadata['namespace'];
  return `VirtualService ${typeof namespace === 'string' ? shorten(namespace) : DEFAULT_NAMESPACE}/${shorten(name)}`;
}

function shorten(name: string): string {
  return name.length <= 253 ? name : quote(name);
}

/** A checked value as a declared object. */
export function declare(kind: Kind, value: object, source?: DeclaredDocument['source']): DeclaredDocument {
  const origin = source === undefined ? {} : { source };
  if (kind === 'Director') {
    const director = value as DirectorDocument;
    const { name } = director.metadata;
    return { kind, name, object: `Director ${name}`, value: director, ...origin };
  }
  const service = value as VirtualServiceDocument;
  const { name, namespace = DEFAULT_NAMESPACE } = service.metadata;
  return { kind, name, namespace, object: `VirtualService ${namespace}/${name}`, value: service, ...origin };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
