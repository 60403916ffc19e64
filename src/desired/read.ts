import type { Issue } from '../errors/index.js';
import { CheckedItems } from './checked-items.js';
import type { DeclaredDocument, DocumentSource } from './declared.js';
import type { Fault } from './faults.js';
import { checkDirector, checkVirtualService } from './generated/check.js';
import { toIssues, wholeFile } from './issues.js';
import { declare, findObjects, kindOf, objectName } from './objects.js';
import type { Kind } from './objects.js';
import { PlainYamlReader } from './plain-yaml/index.js';
import { findContradictions } from './rules/index.js';
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
/** A file with more faults has one cause for most of them. */
const MAXIMUM_ISSUES = 100;

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
      for (const [index, value] of values.entries()) {
        for (const { root, value: object } of findObjects(value)) {
          const found = await this.#takeObject(object, { file, text, start, end, index, root });
          documents.push(...found.documents);
          issues.push(...found.issues);
          if (issues.length > MAXIMUM_ISSUES) return { documents, issues: shorten(file, issues) };
        }
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

  async #takeObject(value: unknown, source: DocumentSource): Promise<ReadResult> {
    const kind = kindOf(value);
    if (typeof kind !== 'string') return { documents: [], issues: await toIssues([kind], source, undefined) };
    const faults = this.#fits(kind, value) ? findContradictions(kind, value) : await explainBadValue(kind, value);
    if (faults.length === 0) return { documents: [declare(kind, value as object, source)], issues: [] };
    return { documents: [], issues: await toIssues(faults, source, objectName(kind, value)) };
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
  const message = `more than ${MAXIMUM_ISSUES} faults: the rest of the file was not looked at`;
  return [...issues.slice(0, MAXIMUM_ISSUES), { path: '', reason: 'Unreadable', message, location: wholeFile(file) }];
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
