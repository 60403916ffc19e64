import type { Issue } from '../errors/index.js';
import { CheckedItems } from './checked-items.js';
import type { DeclaredDocument, DocumentSource } from './declared.js';
import type { Fault } from './faults.js';
import { checkDirector, checkVirtualService } from './generated/check.js';
import { toIssuesOfDocument, wholeFile } from './issues.js';
import type { FaultyObject } from './issues.js';
import { declare, findObjects, kindOf, objectName } from './objects.js';
import type { Kind } from './objects.js';
import { PlainYamlReader } from './plain-yaml/index.js';
import { findContradictions } from './rules/index.js';
import { MAXIMUM_FAULTS } from './schema/limits.js';
import { splitDocuments } from './split.js';
import type { TextPart } from './split.js';

export interface ReadResult {
  /** Those without a fault. */
  readonly documents: readonly DeclaredDocument[];
  readonly issues: readonly Issue[];
}

export interface ReadOptions {
  /** Awaited after every few thousand lines, so that a large text does not hold up the event loop. */
  readonly pause?: () => Promise<void>;
}

/** Characters between two pauses: some 3 ms of work, or 50 ms on a slow machine. */
const CHARACTERS_BETWEEN_PAUSES = 65_536;
/** The path of an object that is a document of its own. */
const WHOLE: DocumentSource['root'] = [];

/**
 * Reads all documents of a text: YAML or JSON, one after the other or in lists, each checked against the schema and the
 * rules between its fields. All faults are reported together; what is no YAML ends its own document only. Never rejects
 * because of what is in the text.
 */
export function readDocuments(file: string, text: string, options: ReadOptions = {}): Promise<ReadResult> {
  return new DocumentReader().read(file, text, options);
}

/** The same for many texts: what they have in common is read and checked once, and is one frozen object in all of them. */
export class DocumentReader {
  readonly #plain = new PlainYamlReader();
  readonly #checked = new CheckedItems();

  async read(file: string, text: string, options: ReadOptions = {}): Promise<ReadResult> {
    if (text.includes('\0')) return { documents: [], issues: [binaryIssue(file)] };
    const documents: DeclaredDocument[] = [];
    const issues: Issue[] = [];
    let paused = 0;
    for (const part of splitDocuments(text)) {
      if (part.end - paused > CHARACTERS_BETWEEN_PAUSES) {
        paused = part.end;
        await options.pause?.();
      }
      const plain = this.#plain.read(text, part.start, part.end);
      const { start, end } = part;
      const document = plain && this.#takeWhole(plain, { file, text, start, end, index: 0, root: WHOLE });
      if (document !== undefined) {
        documents.push(document);
        continue;
      }
      const { values, issue } = plain === undefined ? await readUnusual(file, text, part) : { values: [plain] };
      if (issue !== undefined) issues.push(issue);
      if (issues.length > MAXIMUM_FAULTS) return { documents, issues: shorten(file, issues) };
      for (const [index, value] of values.entries()) {
        const source: DocumentSource = { file, text, start, end, index, root: WHOLE };
        // One more than are told says that there are more.
        const taken = await this.#takeObjects(value, source, MAXIMUM_FAULTS + 1 - issues.length);
        for (const one of taken.documents) documents.push(one);
        for (const one of taken.issues) issues.push(one);
        if (issues.length > MAXIMUM_FAULTS) return { documents, issues: shorten(file, issues) };
      }
    }
    return { documents, issues };
  }

  /** What nearly all documents are: one object without a fault. `undefined` where it needs a closer look. */
  #takeWhole(value: object, source: DocumentSource): DeclaredDocument | undefined {
    const kind = kindOf(value);
    if (typeof kind !== 'string' || !this.#fits(kind, value) || findContradictions(kind, value).length > 0) {
      return undefined;
    }
    return declare(kind, value, source);
  }

  /** The objects of one YAML document, up to the one with the last fault that may be told. */
  async #takeObjects(value: unknown, source: DocumentSource, maximumFaults: number): Promise<ReadResult> {
    const documents: DeclaredDocument[] = [];
    const faulty: FaultyObject[] = [];
    let left = maximumFaults;
    for (const { root, value: object } of findObjects(value)) {
      const kind = kindOf(object);
      const faults = typeof kind === 'string' ? await this.#faultsOf(kind, object) : [kind];
      if (typeof kind === 'string' && faults.length === 0) {
        documents.push(declare(kind, object as object, { ...source, root }));
        continue;
      }
      const name = typeof kind === 'string' ? objectName(kind, object) : undefined;
      faulty.push({ root, faults: faults.slice(0, left), object: name });
      left -= faults.length;
      if (left <= 0) break;
    }
    // Together, because finding their places means to parse the whole document once more.
    return { documents, issues: faulty.length === 0 ? [] : await toIssuesOfDocument(faulty, source) };
  }

  async #faultsOf(kind: Kind, value: unknown): Promise<readonly Fault[]> {
    return this.#fits(kind, value) ? findContradictions(kind, value) : explainBadValue(kind, value);
  }

  #fits(kind: Kind, value: unknown): boolean {
    const check = kind === 'VirtualService' ? checkVirtualService : checkDirector;
    return check(value, this.#checked);
  }
}

function binaryIssue(file: string): Issue {
  return { path: '', reason: 'Unreadable', message: 'not a text: it holds NUL bytes', location: wholeFile(file) };
}

function shorten(file: string, issues: readonly Issue[]): readonly Issue[] {
  const message = `more than ${MAXIMUM_FAULTS} faults: the rest of the file was not looked at`;
  return [...issues.slice(0, MAXIMUM_FAULTS), { path: '', reason: 'Unreadable', message, location: wholeFile(file) }];
}

/** What the plain reader leaves to a complete one. */
async function readUnusual(
  file: string,
  text: string,
  part: TextPart,
): Promise<{ readonly values: readonly unknown[]; readonly issue?: Issue }> {
  const [{ readFullYaml }, { locateOffset }] = await Promise.all([import('./full-yaml.js'), import('./places.js')]);
  const result = readFullYaml(text.slice(part.start, part.end));
  if ('values' in result) return result;
  const location = locateOffset(file, text, part.start + (result.offset ?? 0));
  return { values: [], issue: { path: '', reason: 'Syntax', message: `not valid YAML: ${result.problem}`, location } };
}

export async function explainBadValue(kind: Kind, value: unknown): Promise<readonly Fault[]> {
  const { explainFaults } = await import('./explain.js');
  const faults = explainFaults(kind, value);
  // With unknown fields only, the known ones have their types, and the rules can be told too.
  const isTyped = faults.every((fault) => fault.reason === 'UnknownField');
  return isTyped ? [...faults, ...findContradictions(kind, value)] : faults;
}
