import type { Issue } from '../../errors/index.js';
import type { WantedDirector, WantedState } from '../../model/index.js';
import type { DeclaredDirector, DeclaredDocument } from '../declared.js';
import { describeDuplicate, describeRival } from '../derive/contradictions.js';
import { deriveDirector } from '../derive/director.js';
import { collectNotices } from '../derive/notices.js';
import type { Notice } from '../derive/notices.js';
import { settleIssues } from '../derive/pending.js';
import type { PendingIssue } from '../derive/pending.js';
import { Declarations } from './declarations.js';
import { KeyClaims } from './key-claims.js';
import { compareSeniority, deriveObject, findFaults } from './live-object.js';
import type { LiveObject } from './live-object.js';
import { standingOfDirector, standingOfService } from './standing.js';
import type { ObjectStanding } from './standing.js';
import type { UnitChange } from './unit-change.js';
import { SourceUnits } from './units.js';

export interface IndexOptions {
  /** The names of all sources. Where two declare the same object, the earlier one's applies. */
  readonly sources: readonly string[];
  /** The object that a key's service in the kernel was made for; `undefined` where it is not there, or not ours. */
  readonly holderOf: (key: string) => string | undefined;
}

/** What else is wanted than before. */
export interface Touched {
  /** Texts of service keys. */
  readonly keys: ReadonlySet<string>;
  /** Whether something of the director as a whole is. */
  readonly director: boolean;
  /** Objects whose standing may be another one. */
  readonly objects: ReadonlySet<string>;
}

/**
 * What all units of all sources want of one kernel, kept up to date change by change: a change of one object costs what
 * that object costs. A unit that breaks keeps its last good documents. Contradictions between objects do not stop the
 * others: see `KeyClaims`.
 */
export class DesiredIndex {
  readonly #sources: ReadonlyMap<string, SourceUnits>;
  readonly #declarations = new Declarations();
  readonly #claims: KeyClaims;
  readonly #objects = new Map<string, LiveObject>();
  readonly #directors = new Map<string, DeclaredDirector>();
  readonly #objectNames = new Set<string>();
  readonly #frozen = new Set<string>();
  #director: DeclaredDirector | undefined;
  #wantedDirector: WantedDirector | null = null;

  constructor({ sources, holderOf }: IndexOptions) {
    this.#sources = new Map(sources.map((name, order) => [name, new SourceUnits(name, order)]));
    this.#claims = new KeyClaims({
      holderOf,
      isDeclared: (object) => this.#objectNames.has(object),
      isEverythingKnown: () => this.isEverythingKnown(),
    });
  }

  /** What is wanted now. Its maps and sets are the index's own: they change with the next update. */
  get wanted(): WantedState {
    return {
      services: this.#claims.services,
      suspended: this.#claims.suspended,
      objects: this.#objectNames,
      director: this.#wantedDirector,
      frozen: this.#frozen,
    };
  }

  update(source: string, changes: readonly UnitChange[]): Touched {
    const units = this.#unitsOf(source);
    const names = new Set<string>();
    const objects = new Set<string>();
    for (const change of changes) {
      // A unit that breaks, or is right again, is an object by itself in a cluster.
      objects.add(change.unit);
      for (const name of units.take(change, this.#declarations)) names.add(name);
    }
    const keys = new Set<string>();
    let directorsChanged = false;
    for (const name of names) {
      const document = this.#declarations.applying(name);
      if (document === undefined) this.#objectNames.delete(name);
      else this.#objectNames.add(name);
      if (document?.kind === 'Director' || this.#directors.has(name)) {
        if (document?.kind === 'Director') this.#directors.set(name, document);
        else this.#directors.delete(name);
        directorsChanged = true;
      } else {
        objects.add(name);
        const after = document === undefined ? undefined : deriveObject(document, this.#director);
        this.#replaceObject(name, after, keys);
      }
    }
    const director = directorsChanged && this.#chooseDirector(keys, objects);
    return this.#settle(keys, director, objects);
  }

  /** Notes that the source was read completely once. */
  complete(source: string): Touched {
    this.#unitsOf(source).isComplete = true;
    return this.#settle(new Set(), false, new Set());
  }

  /** Whether what is declared nowhere now is known to be gone: all is read, and nothing is broken. */
  isEverythingKnown(): boolean {
    for (const { isComplete, broken } of this.#sources.values()) if (!isComplete || broken.size > 0) return false;
    return true;
  }

  sources(): Iterable<SourceUnits> {
    return this.#sources.values();
  }

  /** All that is wrong now, each fault with its place. */
  async issues(): Promise<readonly Issue[]> {
    const pending: PendingIssue[] = [];
    for (const { first, other } of this.#declarations.repetitions()) pending.push(describeDuplicate(other, first));
    for (const director of this.#directors.values()) {
      if (this.#director !== undefined && director !== this.#director)
        pending.push(describeRival(director, this.#director));
    }
    for (const object of this.#frozen) pending.push(...(this.#objects.get(object)?.faults ?? []));
    pending.push(...this.#claims.describeClashes(this.#objects));
    const broken = [...this.#sources.values()].flatMap((source) =>
      [...source.broken.values()].flatMap(({ issues }) => issues),
    );
    return pending.length === 0 ? broken : [...broken, ...(await settleIssues(pending))];
  }

  notices(): readonly Notice[] {
    const documents: DeclaredDocument[] = [...this.#objects.values()].map(({ document }) => document);
    return collectNotices(this.#director === undefined ? documents : [...documents, this.#director]);
  }

  /** How an object stands among all others; `undefined` where it is not declared. Costs what that object costs. */
  standingOf(object: string): ObjectStanding | undefined {
    const broken = [...this.#sources.values()].map((source) => source.broken.get(object)).find(Boolean);
    const director = this.#directors.get(object);
    if (director !== undefined || (broken !== undefined && object.startsWith('Director '))) {
      return standingOfDirector(director, this.#director, broken);
    }
    const live = this.#objects.get(object);
    return live === undefined && broken === undefined ? undefined : standingOfService(live, this.wanted, broken);
  }

  #unitsOf(name: string): SourceUnits {
    const units = this.#sources.get(name);
    if (units === undefined) throw new Error(`${name} is not one of the sources`);
    return units;
  }

  /** Adds the keys that have to be settled then. */
  #replaceObject(name: string, after: LiveObject | undefined, keys: Set<string>): void {
    const before = this.#objects.get(name);
    this.#claims.replace(before, after);
    if (after === undefined) this.#objects.delete(name);
    else this.#objects.set(name, after);
    if (after === undefined || after.faults.length === 0) this.#frozen.delete(name);
    else this.#frozen.add(name);
    for (const key of before?.services.keys() ?? []) keys.add(key);
    for (const key of after?.services.keys() ?? []) keys.add(key);
  }

  /** The oldest applies. What it forbids is looked at for every object: a Director changes seldom. */
  #chooseDirector(keys: Set<string>, objects: Set<string>): boolean {
    for (const name of this.#directors.keys()) objects.add(name);
    [this.#director] = [...this.#directors.values()].sort(compareSeniority);
    for (const [name, object] of [...this.#objects]) {
      const faults = findFaults(object.document, this.#director);
      if (faults.length + object.faults.length === 0) continue;
      objects.add(name);
      this.#replaceObject(name, { ...object, faults }, keys);
    }
    const before = this.#wantedDirector;
    this.#wantedDirector = this.#director === undefined ? null : deriveDirector(this.#director);
    return JSON.stringify(before) !== JSON.stringify(this.#wantedDirector);
  }

  #settle(keys: Set<string>, director: boolean, objects: Set<string>): Touched {
    if (this.isEverythingKnown()) for (const key of this.#claims.takeReserved()) keys.add(key);
    for (const key of keys) {
      if (!this.#claims.settle(key)) keys.delete(key);
      else for (const { document } of this.#claims.claimantsOf(key)) objects.add(document.object);
    }
    return { keys, director, objects };
  }
}
