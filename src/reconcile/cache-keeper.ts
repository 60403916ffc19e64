import type { DeclaredDocument } from '../desired/index.js';
import { UserError } from '../errors/index.js';
import type { Surroundings, UnitChange } from '../sources/index.js';
import type { CachedSourceInput } from './cached-source-types.js';

/** Changes are saved together, so long after the first of them. */
const SAVE_MILLISECONDS = 5000;
/** So often it is noted that nothing has changed, as the age of what is kept counts from then. */
const RENEW_MILLISECONDS = 600_000;
const RETRY_MILLISECONDS = 60_000;

/** Keeps in the cache what a source told, whenever that is complete: off the hot path, and little by little. */
export class CacheKeeper {
  readonly #input: CachedSourceInput;
  /** The last good documents of every unit. */
  readonly #units = new Map<string, readonly DeclaredDocument[]>();
  #changed = new Set<string>();
  #surroundings: Partial<Surroundings> = {};
  #hasNewSurroundings = false;
  #isComplete = false;
  #nextSaveAt = Infinity;
  #cancelTimer: () => void = () => undefined;
  #saving: Promise<void> | undefined;
  #isFailing = false;

  constructor(input: CachedSourceInput) {
    this.#input = input;
  }

  note(units: readonly UnitChange[]): void {
    for (const { unit, content } of units) {
      if (content.kind === 'Broken') continue;
      if (content.kind === 'Present') this.#units.set(unit, content.documents);
      else this.#units.delete(unit);
      this.#changed.add(unit);
    }
    if (this.#isComplete) this.#saveWithin(SAVE_MILLISECONDS);
  }

  noteSurroundings(change: Partial<Surroundings>): void {
    this.#surroundings = { ...this.#surroundings, ...change };
    this.#hasNewSurroundings = true;
    if (this.#isComplete) this.#saveWithin(SAVE_MILLISECONDS);
  }

  /** What is told while not everything is known is saved when it is again. */
  setComplete(isComplete: boolean): void {
    this.#isComplete = isComplete;
    if (isComplete) this.#saveWithin(SAVE_MILLISECONDS);
    else this.#cancel();
  }

  /** Saves what is left, and resolves when nothing is written any more. */
  async finish(): Promise<void> {
    this.#cancel();
    await this.#saving;
    if (this.#isComplete && (this.#changed.size > 0 || this.#hasNewSurroundings)) await this.#save();
    this.#cancel();
  }

  #cancel(): void {
    this.#cancelTimer();
    this.#nextSaveAt = Infinity;
  }

  #saveWithin(milliseconds: number): void {
    const { clock } = this.#input;
    const wait = this.#isFailing ? RETRY_MILLISECONDS : milliseconds;
    const at = clock.nowMilliseconds() + wait;
    if (at >= this.#nextSaveAt) return;
    this.#cancelTimer();
    this.#nextSaveAt = at;
    this.#cancelTimer = clock.schedule(wait, () => {
      this.#nextSaveAt = Infinity;
      this.#saving = (this.#saving ?? Promise.resolve()).then(() => this.#save());
    });
  }

  async #save(): Promise<void> {
    const { cache, observe, source } = this.#input;
    const changed = this.#changed;
    this.#changed = new Set();
    this.#hasNewSurroundings = false;
    try {
      // A copy: what is kept is of one moment, however long the writing takes.
      await cache.save({ units: new Map(this.#units), surroundings: this.#surroundings }, changed);
      this.#isFailing = false;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const unit of changed) this.#changed.add(unit);
      this.#hasNewSurroundings = true;
      if (!this.#isFailing) observe({ kind: 'CacheNotSaved', source: source.name, error });
      this.#isFailing = true;
    }
    if (this.#isComplete) this.#saveWithin(RENEW_MILLISECONDS);
  }
}
