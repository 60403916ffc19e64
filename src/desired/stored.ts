import { CheckedItems } from './checked-items.js';
import type { DeclaredDocument, FoundServers } from './declared.js';
import { checkDirector, checkVirtualService } from './generated/check.js';
import { declare, kindOf } from './objects.js';
import { findContradictions } from './rules/index.js';
import type { Labels, NodeLabels, Surroundings } from './surroundings.js';

/** What is known of declared documents and around them, as JSON can hold it; and back. */

/** Without the text that the document was read from, which may be long. */
export interface StoredDocument {
  readonly value: DeclaredDocument['value'];
  readonly found?: FoundServers;
  /** Absent for an object of a cluster. */
  readonly file?: string;
}

export function storeDocument(document: DeclaredDocument): StoredDocument {
  const { value, source } = document;
  const found = document.kind === 'VirtualService' ? document.found : undefined;
  return {
    value,
    ...(found === undefined ? {} : { found }),
    ...(source === undefined ? {} : { file: source.file }),
  };
}

/** `undefined` for what is none, or none any more: another version of the program may have stored it. */
export function restoreDocument(stored: unknown): DeclaredDocument | undefined {
  const { value, found, file } = mapping(stored);
  const kind = kindOf(value);
  if (typeof kind !== 'string' || typeof value !== 'object' || value === null) return undefined;
  const check = kind === 'VirtualService' ? checkVirtualService : checkDirector;
  if (!check(value, new CheckedItems()) || findContradictions(kind, value).length > 0) return undefined;
  const source = { text: '', start: 0, end: 0, index: 0, root: [] };
  const document = typeof file === 'string' ? declare(kind, value, { file, ...source }) : declare(kind, value);
  if (found === undefined) return document;
  return document.kind === 'VirtualService' && isFound(found) ? { ...document, found } : undefined;
}

function isFound(value: unknown): value is FoundServers {
  const { servers, faults } = mapping(value);
  return (
    Array.isArray(faults) &&
    Array.isArray(servers) &&
    servers.every((server: unknown) => {
      const { address, ports, isDraining, from } = mapping(server);
      const isKnown = typeof address === 'string' && typeof isDraining === 'boolean' && typeof from === 'number';
      return isKnown && Array.isArray(ports) && ports.every((port) => port === null || typeof port === 'number');
    })
  );
}

export interface StoredSurroundings {
  readonly nodeLabels?: NodeLabels;
  readonly namespaceLabels?: Readonly<Record<string, Labels>>;
}

export function storeSurroundings({ nodeLabels, namespaceLabels }: Partial<Surroundings>): StoredSurroundings {
  return {
    ...(nodeLabels === undefined ? {} : { nodeLabels }),
    ...(namespaceLabels === undefined ? {} : { namespaceLabels: Object.fromEntries(namespaceLabels) }),
  };
}

/** What is no such thing is left out. */
export function restoreSurroundings(stored: unknown): Partial<Surroundings> {
  const { nodeLabels, namespaceLabels } = mapping(stored);
  const isNamespaces = typeof namespaceLabels === 'object' && Object.values(mapping(namespaceLabels)).every(isLabels);
  return {
    ...(isNodeLabels(nodeLabels) ? { nodeLabels } : {}),
    ...(isNamespaces ? { namespaceLabels: new Map(Object.entries(namespaceLabels as Record<string, Labels>)) } : {}),
  };
}

function isNodeLabels(value: unknown): value is NodeLabels {
  const { kind, labels } = mapping(value);
  return kind === 'Unknown' || (kind === 'Known' && isLabels(labels));
}

function isLabels(value: unknown): value is Labels {
  return typeof value === 'object' && Object.values(mapping(value)).every((label) => typeof label === 'string');
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
