import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inventory, InventoryEntry, InventoryIntent } from '../../kernel/index.js';
import { confirmEntry, confirmLine, forgetLine, headerLine, parseJournal, recordLine } from './journal-format.js';
import type { NamespaceStamp } from './namespace-stamp.js';
import {
  makePrivateFolder,
  openForAppending,
  readPrivateFile,
  replacePrivateFile,
  withFileErrors,
} from '../private-files.js';

interface OpenInventoryOptions {
  /** /run/ipvs-operator */
  readonly directory?: string;
  readonly stamp: NamespaceStamp;
}

const DEFAULT_DIRECTORY = '/run/ipvs-operator';

/** The journal is written anew once it has this many lines that mean nothing any more, and more than others. */
const TOLERATED_GARBAGE = 1000;

/**
 * Opens the inventory of one network namespace. Opening only reads; the folder and the file come with the first
 * record. Whoever records must hold the namespace's lock. Nothing is synced to the disk: a reboot, which alone could
 * lose it, voids the inventory anyway.
 *
 * Rejects with UserError where the folder or the file cannot be used or trusted, and so do the inventory's methods.
 */
export async function openInventory({
  directory = DEFAULT_DIRECTORY,
  stamp,
}: OpenInventoryOptions): Promise<InventoryJournal> {
  const path = join(directory, `inventory-${stamp.namespaceInode}.jsonl`);
  return new InventoryJournal(directory, path, stamp, await readPrivateFile(path));
}

/** An inventory with a file behind it. */
class InventoryJournal implements Inventory {
  readonly #directory: string;
  readonly #path: string;
  readonly #stamp: NamespaceStamp;
  readonly #entries: Map<string, InventoryEntry>;
  /** The length of the file when it was read; `undefined` where there was none. */
  #bytesRead: number | undefined;
  /** Of the file: up to where it is right. */
  #validBytes: number;
  #lineCount: number;
  #handle: FileHandle | undefined;
  /** Whether the file is ours alone since the first write. */
  #isWritten = false;
  /** The write that is under way; the next one waits for it. */
  #writing: Promise<void> = Promise.resolve();

  constructor(directory: string, path: string, stamp: NamespaceStamp, content: Buffer | undefined) {
    this.#directory = directory;
    this.#path = path;
    this.#stamp = stamp;
    this.#bytesRead = content?.length;
    const journal = content === undefined ? undefined : parseJournal(content.toString('utf8'), stamp);
    this.#entries = journal?.entries ?? new Map<string, InventoryEntry>();
    this.#validBytes = journal?.validBytes ?? 0;
    this.#lineCount = journal?.lineCount ?? 0;
  }

  entries(): ReadonlyMap<string, InventoryEntry> {
    return this.#entries;
  }

  record(intents: readonly InventoryIntent[]): Promise<void> {
    return this.#oneAtATime(async () => {
      const news = intents.filter(({ key, object, set, imprint }) => {
        const entry = this.#entries.get(key);
        return entry?.object !== object || entry.set !== set || entry.imprint !== imprint;
      });
      await this.#append(news.map(recordLine));
      for (const { key, ...entry } of news) this.#entries.set(key, entry);
      await this.#compact();
    });
  }

  confirm(keys: readonly string[]): Promise<void> {
    return this.#oneAtATime(async () => {
      const known = keys.filter((key) => this.#entries.get(key)?.imprint !== undefined);
      if (known.length === 0) return;
      let uncertain = 0;
      for (const { imprint } of this.#entries.values()) if (imprint !== undefined) uncertain++;
      await this.#append([confirmLine(uncertain === known.length ? 'All' : known)]);
      for (const key of known) confirmEntry(key, this.#entries);
      await this.#compact();
    });
  }

  forget(keys: readonly string[]): Promise<void> {
    return this.#oneAtATime(async () => {
      const known = keys.filter((key) => this.#entries.has(key));
      await this.#append(known.map(forgetLine));
      for (const key of known) this.#entries.delete(key);
      await this.#compact();
    });
  }

  close(): Promise<void> {
    return this.#oneAtATime(() => this.#closeHandle());
  }

  #oneAtATime(action: () => Promise<void>): Promise<void> {
    const turn = this.#writing.then(action);
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const handle = (this.#handle ??= await this.#openForWriting());
    const bytes = Buffer.from(lines.join(''));
    try {
      await withFileErrors(this.#path, () => handle.writeFile(bytes));
    } catch (error) {
      // Part of the lines may be there, perhaps without the last line break: none of them shall count.
      await handle.truncate(this.#validBytes);
      throw error;
    }
    this.#validBytes += bytes.length;
    this.#lineCount += lines.length;
  }

  /** Cuts off what a crash left of a line; begins the file where it is new, or is of another boot or namespace. */
  async #openForWriting(): Promise<FileHandle> {
    await makePrivateFolder(this.#directory);
    if (!this.#isWritten) {
      const content = await readPrivateFile(this.#path);
      if (content?.length !== this.#bytesRead) throw new Error(`${this.#path} was opened without the lock`);
      if (this.#validBytes === 0) {
        await this.#rewrite();
        // What follows may fail, and is tried again then.
        this.#bytesRead = this.#validBytes;
      }
    }
    const handle = await openForAppending(this.#path);
    if (!this.#isWritten) await handle.truncate(this.#validBytes);
    this.#isWritten = true;
    return handle;
  }

  async #compact(): Promise<void> {
    const garbage = this.#lineCount - this.#entries.size;
    if (garbage < TOLERATED_GARBAGE || garbage < this.#entries.size) return;
    await this.#closeHandle();
    await this.#rewrite();
  }

  async #rewrite(): Promise<void> {
    const lines = [headerLine(this.#stamp)];
    for (const [key, entry] of this.#entries) lines.push(recordLine({ key, ...entry }));
    const content = lines.join('');
    await replacePrivateFile(this.#path, content);
    this.#validBytes = Buffer.byteLength(content);
    this.#lineCount = this.#entries.size;
  }

  async #closeHandle(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}
