import { lstatSync, statSync } from 'node:fs';
import { basename, join, normalize, resolve, sep } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Source, SourceListener, SourceState } from '../../sources/index.js';
import { Agenda } from './agenda.js';
import type { Happening } from './agenda.js';
import { FolderWatches } from './folder-watches.js';
import type { FolderEvent } from './folder-watches.js';
import { unreadable } from './input-text.js';
import { KnownFiles, sameSignature } from './known-files.js';
import type { FileSignature } from './known-files.js';
import { isDocumentName } from './list-files.js';
import { readRegularFile } from './read-file.js';
import { foldersToWatch, isAway, survey } from './survey.js';
import type { Survey } from './survey.js';

export interface FileSourceOptions {
  /** Whether folders inside folders are read too. */
  readonly recursive?: boolean;
  /**
   * How often to look at every file, whatever the system told: 60. Network file systems tell nothing, and watches are
   * limited.
   */
  readonly pollSeconds?: number;
  /** How long a file that was renamed into place is left alone: 20. The other times of waiting are multiples of it. */
  readonly debounceMilliseconds?: number;
}

/** A broken file may be a half-written one: it is looked at again after so many debounce times. */
const BROKEN_RETRY_FACTOR = 50;
/** A file that was written so recently may be written again without a difference that `stat` shows. */
const UNTRUSTED_MILLISECONDS = 2000;
/** How much of the time may be spent on looking at everything: many files are looked at less often. */
const POLL_SHARE = 0.01;
const FILES_PER_TURN = 64;
/** Stands for everything in the agenda, beside paths. */
const EVERYTHING = '';

/** Follows files and folders. Units are paths, as a person would write them. */
export function createFileSource(paths: readonly string[], options: FileSourceOptions = {}): Source {
  return new FileSource(paths, options);
}

class FileSource implements Source {
  readonly name: string;
  /** What was named, by absolute path. */
  readonly #named: ReadonlyMap<string, string>;
  readonly #recursive: boolean;
  readonly #pollMilliseconds: number;
  readonly #debounceMilliseconds: number;
  readonly #agenda: Agenda;
  readonly #known = new KnownFiles();
  readonly #watches: FolderWatches;
  #survey: Survey | undefined;
  /** Whether a survey was followed by a moment with nothing left to read. */
  #isComplete = false;
  #refreshAsked = false;
  /** Broken files that are looked at again without an event, once, and when. */
  readonly #retries = new Set<string>();
  #retryAt = Infinity;
  #toldState = '';
  #wakeAt = Infinity;
  #wake: (() => void) | undefined;

  constructor(paths: readonly string[], options: FileSourceOptions) {
    this.name = `files ${paths.join(', ')}`;
    this.#named = new Map(paths.map((path) => [resolve(path), withoutTrailingSlash(path)]));
    this.#recursive = options.recursive === true;
    this.#pollMilliseconds = (options.pollSeconds ?? 60) * 1000;
    this.#debounceMilliseconds = options.debounceMilliseconds ?? 20;
    this.#agenda = new Agenda(this.#debounceMilliseconds);
    this.#watches = new FolderWatches((event) => {
      this.#noteEvent(event);
    });
  }

  async run(listener: SourceListener, signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#wake?.();
    signal.addEventListener('abort', stop);
    try {
      this.#tellState(listener, { kind: 'Reading' });
      let nextPollAt = performance.now();
      while (!signal.aborted) {
        if (this.#refreshAsked || performance.now() >= nextPollAt) {
          const start = performance.now();
          await this.#lookAtEverything(this.#refreshAsked);
          const end = performance.now();
          nextPollAt = end + Math.max(this.#pollMilliseconds, (end - start) / POLL_SHARE);
        }
        await this.#lookAt(this.#agenda.take(performance.now()));
        if (performance.now() >= this.#retryAt) await this.#lookAt(this.#takeRetries());
        await this.#tellNews(listener);
        await this.#sleepUntil(nextPollAt, signal);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#watches.close();
    }
  }

  refresh(): void {
    this.#refreshAsked = true;
    this.#wake?.();
  }

  async #sleepUntil(nextPollAt: number, signal: AbortSignal): Promise<void> {
    // What came while something was read woke nobody.
    if (this.#refreshAsked || signal.aborted) return;
    const wakeAt = Math.min(nextPollAt, this.#retryAt, this.#agenda.nextAt() ?? Infinity);
    const waking = new AbortController();
    this.#wakeAt = wakeAt;
    this.#wake = () => {
      waking.abort();
    };
    await sleep(Math.max(0, wakeAt - performance.now()), undefined, { signal: waking.signal }).catch(() => undefined);
    this.#wake = undefined;
    this.#wakeAt = Infinity;
  }

  #schedule(name: string, happening: Happening): void {
    if (this.#agenda.add(name, happening, performance.now()) < this.#wakeAt) this.#wake?.();
  }

  #noteEvent({ folder, name, isWrite }: FolderEvent): void {
    const place = name === null ? EVERYTHING : join(folder, name);
    const path = this.#named.get(place) ?? place;
    if (this.#known.get(path) !== undefined || this.#isDocument(folder, name)) {
      const isThere = isWrite || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
      if (isThere) this.#schedule(path, isWrite ? 'Written' : 'Renamed');
      else if (this.#known.get(path) !== undefined) this.#schedule(path, 'Vanished');
      else this.#agenda.remove(path);
      return;
    }
    // Anchors are absolute, whatever was named.
    if (this.#survey?.anchors.has(place) === true || name === null || this.#concernsEverything(folder, name, path)) {
      this.#schedule(EVERYTHING, 'Renamed');
    }
  }

  #isDocument(folder: string, name: string | null): boolean {
    return name !== null && isDocumentName(name) && this.#survey?.folders.has(folder) === true;
  }

  /** Whether more than one file may be another one now. Kubelet swaps a link `..data`, through which all others lead. */
  #concernsEverything(folder: string, name: string, path: string): boolean {
    if (this.#survey?.folders.has(folder) !== true) return false;
    if (name.startsWith('..') || name === basename(folder)) return true;
    if (!this.#recursive || name.startsWith('.')) return false;
    return this.#survey.folders.has(path) || lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  async #lookAt(names: readonly string[]): Promise<void> {
    if (names.includes(EVERYTHING)) await this.#lookAtEverything(false);
    for (const [i, name] of names.entries()) {
      if (i % FILES_PER_TURN === FILES_PER_TURN - 1) await nextTurn();
      if (name !== EVERYTHING) await this.#read(name);
    }
  }

  /** Where it is forced, what `stat` says is not trusted, and neither is the suspicion that a volume is missing. */
  async #lookAtEverything(isForced: boolean): Promise<void> {
    this.#refreshAsked = false;
    this.#survey = await survey([...this.#named.values()], {
      recursive: this.#recursive,
      before: isForced ? undefined : this.#survey,
      hasKnownFiles: (folder) => [...this.#known.paths()].some((path) => path.startsWith(`${folder}${sep}`)),
      pause: () => nextTurn(),
    });
    this.#watches.set(foldersToWatch(this.#survey));
    const { files } = this.#survey;
    for (const path of [...this.#known.paths()]) {
      if (!files.has(path) && !isAway(path, this.#survey)) this.#schedule(path, 'Vanished');
    }
    let count = 0;
    for (const path of files) {
      if (++count % FILES_PER_TURN === 0) await nextTurn();
      await this.#readWhereChanged(path, isForced);
    }
  }

  async #readWhereChanged(path: string, isForced: boolean): Promise<void> {
    const signature = statSync(path, { throwIfNoEntry: false });
    const known = this.#known.get(path)?.signature;
    if (!isForced && known !== undefined && signature !== undefined && sameSignature(known, signature)) return;
    const age = signature === undefined ? Infinity : Date.now() - signature.mtimeMs;
    if (age >= 0 && age < 10 * this.#debounceMilliseconds) this.#schedule(path, 'Written');
    else await this.#read(path);
  }

  async #read(path: string): Promise<void> {
    const signature = this.#signatureOf(path);
    const identities = new Set<string>();
    const content = await readRegularFile(path, identities);
    const [identity] = identities;
    if (content.kind === 'Folder' || content.kind === 'Seen') {
      this.#known.delete(path);
      return;
    }
    if (content.kind === 'Text') {
      this.#known.set(path, { signature, identity, content });
      return;
    }
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      const isDangling = statSync(path, { throwIfNoEntry: false }) === undefined;
      const issue = isDangling ? unreadable(path, 'a symbolic link that leads nowhere') : content;
      this.#known.set(path, { signature, identity, content: issue });
    } else if (this.#survey !== undefined && !isAway(path, this.#survey)) this.#lose(path);
  }

  /** A file is gone where what was named is there; else nothing is known about it. */
  #lose(path: string): void {
    const named = [...this.#named.values()].find((name) => path === name || path.startsWith(`${name}${sep}`));
    const isKnown = named !== undefined && named !== path && statSync(named, { throwIfNoEntry: false }) !== undefined;
    if (isKnown) this.#known.delete(path);
    else this.#schedule(EVERYTHING, 'Renamed');
  }

  #signatureOf(path: string): FileSignature | undefined {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined || Math.abs(Date.now() - status.mtimeMs) < UNTRUSTED_MILLISECONDS) return undefined;
    const { dev, ino, size, mtimeMs, ctimeMs } = status;
    return { dev, ino, size, mtimeMs, ctimeMs };
  }

  async #tellNews(listener: SourceListener): Promise<void> {
    const news = await this.#known.takeNews(() => nextTurn());
    if (news.length > 0) listener.changed(news);
    const { away } = this.#survey ?? { away: new Map<string, string>() };
    if (this.#agenda.size === 0) this.#isComplete = true;
    if (away.size > 0) this.#tellState(listener, { kind: 'Away', reason: reasonOf(away) });
    else if (this.#isComplete) this.#tellState(listener, { kind: 'Complete' });
    for (const { unit, content } of news) if (content.kind === 'Broken') this.#retries.add(unit);
    if (this.#retries.size === 0) this.#retryAt = Infinity;
    else this.#retryAt = Math.min(this.#retryAt, performance.now() + BROKEN_RETRY_FACTOR * this.#debounceMilliseconds);
  }

  #takeRetries(): readonly string[] {
    const paths = [...this.#retries];
    this.#retries.clear();
    this.#retryAt = Infinity;
    return paths;
  }

  #tellState(listener: SourceListener, state: SourceState): void {
    const text = state.kind === 'Away' ? `Away ${state.reason}` : state.kind;
    if (text === this.#toldState) return;
    this.#toldState = text;
    listener.state(state);
  }
}

function reasonOf(away: ReadonlyMap<string, string>): string {
  return [...away].map(([path, reason]) => `${path}: ${reason}`).join('; ');
}

function withoutTrailingSlash(path: string): string {
  return normalize(path).replace(/(?<=.)\/$/, '');
}
