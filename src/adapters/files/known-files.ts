import { DocumentReader, rereadDocuments } from '../../desired/index.js';
import type { DeclaredDocument } from '../../desired/index.js';
import type { Issue } from '../../errors/index.js';
import type { UnitChange } from '../../sources/index.js';
import { holdsNothing, unreadable } from './input-text.js';
import type { InputResult } from './input-text.js';

/** A file as it was read. */
export interface KnownFile {
  /** What `stat` said before it was read; `undefined` where that must not be trusted. */
  readonly signature: FileSignature | undefined;
  /** Which file is behind the name; `undefined` where it could not be opened. */
  readonly identity: string | undefined;
  readonly content: InputResult;
}

export interface FileSignature {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export function sameSignature(a: FileSignature, b: FileSignature): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.size === b.size && a.dev === b.dev;
}

/**
 * The files of a source by path, and what of them is news. A file that has several names counts once, under the first
 * of them: declaring something by a link to where it is declared declares nothing twice.
 */
export class KnownFiles {
  readonly #files = new Map<string, KnownFile>();
  readonly #namesOf = new Map<string, Set<string>>();
  /** What the listener was told: a text, or what is wrong. */
  readonly #told = new Map<string, string>();
  readonly #touched = new Set<string>();
  readonly #reader = new DocumentReader();
  /** The last good documents of each file. */
  readonly #documents = new Map<string, readonly DeclaredDocument[]>();

  get(path: string): KnownFile | undefined {
    return this.#files.get(path);
  }

  paths(): Iterable<string> {
    return this.#files.keys();
  }

  set(path: string, file: KnownFile): void {
    this.#unlink(path);
    this.#files.set(path, file);
    if (file.identity !== undefined) {
      const names = this.#namesOf.get(file.identity) ?? new Set();
      this.#namesOf.set(file.identity, names.add(path));
    }
    this.#touch(path, file.identity);
  }

  delete(path: string): void {
    this.#unlink(path);
    this.#files.delete(path);
    this.#touched.add(path);
  }

  /** What is new since the last call, parsed. `pause` is awaited often enough for others to get their turn. */
  async takeNews(pause: () => Promise<void>): Promise<readonly UnitChange[]> {
    const paths = [...this.#touched].sort();
    this.#touched.clear();
    const news: UnitChange[] = [];
    for (const [i, path] of paths.entries()) {
      if (i % FILES_PER_TURN === FILES_PER_TURN - 1) await pause();
      const change = await this.#newsOf(path, pause);
      if (change !== undefined) news.push(change);
    }
    return news;
  }

  async #newsOf(path: string, pause: () => Promise<void>): Promise<UnitChange | undefined> {
    const file = this.#counts(path) ? this.#files.get(path) : undefined;
    if (file === undefined) {
      this.#documents.delete(path);
      return this.#told.delete(path) ? { unit: path, content: { kind: 'Gone' } } : undefined;
    }
    const { content } = file;
    const text = content.kind === 'Text' ? content.text : `\0${content.issue.message}`;
    if (this.#told.get(path) === text) return undefined;
    this.#told.set(path, text);
    if (content.kind === 'Issue') return brokenUnit(path, [content.issue]);
    const before = this.#documents.get(path);
    // What cuts a file off, a crash or a full disk, mostly leaves nothing of it.
    if (before !== undefined && before.length > 0 && holdsNothing(content.text)) {
      return brokenUnit(path, [unreadable(path, 'it is empty now: delete the file if that is meant').issue]);
    }
    const { documents, issues } =
      before === undefined
        ? await this.#reader.read(path, content.text, { pause })
        : await rereadDocuments(this.#reader, path, content.text, before, { pause });
    if (issues.length > 0) return brokenUnit(path, issues);
    this.#documents.set(path, documents);
    return { unit: path, content: { kind: 'Present', documents } };
  }

  #counts(path: string): boolean {
    const identity = this.#files.get(path)?.identity;
    if (identity === undefined) return true;
    for (const name of this.#namesOf.get(identity) ?? []) if (name < path) return false;
    return true;
  }

  #unlink(path: string): void {
    const identity = this.#files.get(path)?.identity;
    if (identity === undefined) return;
    const names = this.#namesOf.get(identity);
    names?.delete(path);
    if (names?.size === 0) this.#namesOf.delete(identity);
    this.#touch(path, identity);
  }

  /** Another name of the same file may count from now on, or not any more. */
  #touch(path: string, identity: string | undefined): void {
    this.#touched.add(path);
    if (identity !== undefined) for (const name of this.#namesOf.get(identity) ?? []) this.#touched.add(name);
  }
}

function brokenUnit(unit: string, issues: readonly Issue[]): UnitChange {
  return { unit, content: { kind: 'Broken', issues } };
}

const FILES_PER_TURN = 32;
