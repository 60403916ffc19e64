import { UserError } from '../../errors/index.js';
import { NOTHING_STORED } from '../../health/index.js';
import type { HealthMemory, StoredHealth } from '../../health/index.js';
import type { Clock } from '../clock.js';

/** Changes are saved together, so long after the first of them. */
const SAVE_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 60_000;

export interface KeeperInput {
  readonly memory: HealthMemory;
  readonly clock: Clock;
  readonly collect: () => StoredHealth;
  /** Told once, until it works again. */
  readonly onFailure: (error: UserError) => void;
}

/** Keeps what outlives the process: some time after it changed, or at once. */
export class Keeper {
  readonly #input: KeeperInput;
  #saved = JSON.stringify(NOTHING_STORED);
  #cancel: (() => void) | undefined;
  #saving: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(input: KeeperInput) {
    this.#input = input;
  }

  async load(): Promise<StoredHealth> {
    const stored = await this.#input.memory.load();
    this.#saved = JSON.stringify(stored);
    return stored;
  }

  noteChange(): void {
    if (this.#cancel !== undefined) return;
    const wait = this.#isFailing ? RETRY_MILLISECONDS : SAVE_MILLISECONDS;
    this.#cancel = this.#input.clock.schedule(wait, () => {
      this.#cancel = undefined;
      void this.#trySave();
    });
  }

  /** Rejects with UserError where it cannot be written. What else was to be saved is tried again then. */
  async saveNow(): Promise<void> {
    try {
      await this.#saveNext();
    } catch (error) {
      this.noteChange();
      throw error;
    }
  }

  #saveNext(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#saving = this.#saving.then(
      () => this.#save(),
      () => this.#save(),
    );
    return this.#saving;
  }

  /** Saves what is left. */
  async finish(): Promise<void> {
    if (this.#cancel !== undefined) await this.#trySave();
    await this.#saving.catch(() => undefined);
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #trySave(): Promise<void> {
    try {
      await this.#saveNext();
      this.#isFailing = false;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!this.#isFailing) this.#input.onFailure(error);
      this.#isFailing = true;
      this.noteChange();
    }
  }

  async #save(): Promise<void> {
    const health = this.#input.collect();
    const text = JSON.stringify(health);
    if (text === this.#saved) return;
    // What is there where this fails is not known.
    this.#saved = '';
    await this.#input.memory.save(health);
    this.#saved = text;
  }
}
