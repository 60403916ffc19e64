import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

export interface FolderEvent {
  readonly folder: string;
  /** `null` where the system does not say. */
  readonly name: string | null;
  /** Whether content was written, in contrast to a name that came or went. */
  readonly isWrite: boolean;
}

/** Which folder it is, so that another one in its place is noticed. */
export interface FolderIdentity {
  readonly dev: number;
  readonly ino: number;
}

interface Watch extends FolderIdentity {
  readonly watcher: FSWatcher;
}

/**
 * Watches folders, never files: a file that is replaced would take its watch along. What cannot be watched, because
 * the system's limit is reached or the file system has no events, is left to whoever looks from time to time.
 */
export class FolderWatches {
  readonly #onEvent: (event: FolderEvent) => void;
  readonly #watches = new Map<string, Watch>();

  constructor(onEvent: (event: FolderEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Watches exactly these folders. Watches that are right stay. */
  set(folders: ReadonlyMap<string, FolderIdentity>): void {
    for (const [folder, { dev, ino, watcher }] of this.#watches) {
      const wanted = folders.get(folder);
      if (wanted?.dev === dev && wanted.ino === ino) continue;
      watcher.close();
      this.#watches.delete(folder);
    }
    for (const [folder, identity] of folders) if (!this.#watches.has(folder)) this.#start(folder, identity);
  }

  close(): void {
    this.set(new Map());
  }

  #start(folder: string, { dev, ino }: FolderIdentity): void {
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, { persistent: true }, (type, name) => {
        this.#onEvent({ folder, name, isWrite: type === 'change' });
      });
    } catch {
      return;
    }
    watcher.on('error', () => {
      watcher.close();
      if (this.#watches.get(folder)?.watcher === watcher) this.#watches.delete(folder);
    });
    this.#watches.set(folder, { watcher, dev, ino });
  }
}
