import type { Issue } from '../../errors/index.js';
import type { WantedDirector, WantedState } from '../../model/index.js';
import type { DeclaredDirector, DeclaredDocument } from '../declared.js';
import { describeDuplicate, describeRival } from '../derive/contradictions.js';
import { deriveDirector, needsElection } from '../derive/director.js';
import { collectNotices, isNoticeable } from '../derive/notices.js';
import type { Notice } from '../derive/notices.js';
import { selectsNode } from '../derive/label-selector.js';
import { settleIssues } from '../derive/pending.js';
import type { PendingIssue } from '../derive/pending.js';
import { ServerMemory } from '../derive/server-memory.js';
import { NO_SURROUNDINGS } from '../surroundings.js';
import type { Surroundings } from '../surroundings.js';
import { Declarations } from './declarations.js';
import { KeyClaims } from './key-claims.js';
import { compareSeniority, deriveObject, rederiveObject } from './live-object.js';
import type { LiveObject, ObjectContext } from './live-object.js';
import { standingOfDirector, standingOfService } from './standing.js';
import type { ObjectStanding } from './standing.js';
import type { UnitChange } from './unit-change.js';
import { SourceUnits } from './units.js';

/** Objects between two steps: a millisecond of work on a slow machine. */
const OBJECTS_PER_STEP = 10;

export interface IndexOptions {
  /** The names of all sources. Where two declare the same object, the earlier one's applies. */
  readonly sources: readonly string[];
  /** The object that a key's service in the kernel was made for; `undefined` where it is not there, or not ours. */
  readonly holderOf: (key: string) => string | undefined;
  /** What is known of them before a source tells them; a host of its own knows none. */
  readonly surroundings?: Partial<Surroundings>;
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
  /** Those of which something may have no effect yet. Few, so that notices cost little. */
  readonly #noticeable = new Map<string, DeclaredDocument>();
  readonly #remarked = new Set<string>();
  /** Objects that say which nodes they are for. */
  readonly #selecting = new Set<string>();
  readonly #memory = new ServerMemory();
  #surroundings: Surroundings;
  #director: DeclaredDirector | undefined;
  #wantedDirector: WantedDirector | null = null;

  constructor({ sources, holderOf, surroundings }: IndexOptions) {
    this.#surroundings = { ...NO_SURROUNDINGS, ...surroundings };
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

  /** How many real servers `wanted` has. */
  get serverCount(): number {
    return this.#claims.serverCount;
  }

  update(source: string, changes: readonly UnitChange[]): Touched {
    return finish(this.updateInSteps(source, changes));
  }

  /** The same, little by little: meanwhile the index is between what it was and what it will be. */
  *updateInSteps(source: string, changes: readonly UnitChange[]): Generator<undefined, Touched> {
    const units = this.#unitsOf(source);
    const names = new Set<string>();
    const objects = new Set<string>();
    for (const change of changes) {
      // A unit that breaks, or is right again, is an object by itself in a cluster.
      objects.add(change.unit);
      for (const name of units.take(change, this.#declarations)) names.add(name);
      yield;
    }
    const keys = new Set<string>();
    const director = yield* this.#look(names, keys, objects);
    return yield* this.#settle(keys, director, objects);
  }

  /** Takes in what is around the objects now; what is not named is as it was. */
  surroundings(change: Partial<Surroundings>): Touched {
    return finish(this.surroundingsInSteps(change));
  }

  /** The same, little by little: meanwhile the index is between what it was and what it will be. */
  *surroundingsInSteps(change: Partial<Surroundings>): Generator<undefined, Touched> {
    this.#surroundings = { ...this.#surroundings, ...change };
    const keys = new Set<string>();
    const objects = new Set<string>();
    let director = change.nodeLabels !== undefined && (yield* this.#look([...this.#selecting], keys, objects));
    if (change.roles !== undefined && this.#deriveDirector(objects)) director = true;
    if (change.namespaceLabels !== undefined) yield* this.#judgeObjects(keys, objects);
    return yield* this.#settle(keys, director, objects);
  }

  /** Notes that the source was read completely once. */
  complete(source: string): Touched {
    this.#unitsOf(source).isComplete = true;
    return finish(this.#settle(new Set(), false, new Set()));
  }

  /** Whether what is declared nowhere now is known to be gone: all is read, and nothing is broken. */
  isEverythingKnown(): boolean {
    for (const { isComplete, broken } of this.#sources.values()) if (!isComplete || broken.size > 0) return false;
    return true;
  }

  sources(): Iterable<SourceUnits> {
    return this.#sources.values();
  }

  /** The Director that applies here, where what it wants depends on who is elected. */
  get electingDirector(): string | undefined {
    return this.#director !== undefined && needsElection(this.#director.value.spec) ? this.#director.object : undefined;
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
    for (const object of this.#remarked) pending.push(...(this.#objects.get(object)?.remarks ?? []));
    // One by one: so many as there may be are too many for the arguments of one call.
    for (const clash of this.#claims.describeClashes(this.#objects)) pending.push(clash);
    const broken = [...this.#sources.values()].flatMap((source) =>
      [...source.broken.values()].flatMap(({ issues }) => issues),
    );
    return pending.length === 0 ? broken : [...broken, ...(await settleIssues(pending))];
  }

  notices(): readonly Notice[] {
    const documents = [...this.#noticeable.values()];
    return collectNotices(
      this.#director === undefined ? documents : [...documents, this.#director],
      'Controller',
      this.#surroundings,
    );
  }

  /** How an object stands among all others; `undefined` where it is not declared. Costs what that object costs. */
  standingOf(object: string): ObjectStanding | undefined {
    const broken = [...this.#sources.values()].map((source) => source.broken.get(object)).find(Boolean);
    const director = this.#directors.get(object);
    if (director !== undefined || (broken !== undefined && object.startsWith('Director '))) {
      return standingOfDirector(director, this.#director, broken);
    }
    const live = this.#objects.get(object);
    // What is for other nodes is theirs to complain about.
    if (live === undefined && this.#declarations.applying(object) !== undefined) return undefined;
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
    if (after === undefined || !isNoticeable(after.document, 'Controller')) this.#noticeable.delete(name);
    else this.#noticeable.set(name, after.document);
    if (after === undefined || after.faults.length === 0) this.#frozen.delete(name);
    else this.#frozen.add(name);
    if (after === undefined || after.remarks.length === 0) this.#remarked.delete(name);
    else this.#remarked.add(name);
    for (const key of before?.services.keys() ?? []) keys.add(key);
    for (const key of after?.services.keys() ?? []) keys.add(key);
  }

  /** Looks again at what is declared of these objects. Tells whether something else is wanted of the director. */
  *#look(names: Iterable<string>, keys: Set<string>, objects: Set<string>): Generator<undefined, boolean> {
    let directorsChanged = false;
    let count = 0;
    for (const name of names) {
      if (++count % OBJECTS_PER_STEP === 0) yield;
      const document = this.#applyingHere(name);
      objects.add(name);
      if (document === undefined) this.#objectNames.delete(name);
      else this.#objectNames.add(name);
      if (document?.kind === 'Director' || this.#directors.has(name)) {
        if (document?.kind === 'Director') this.#directors.set(name, document);
        else this.#directors.delete(name);
        directorsChanged = true;
      } else {
        const after =
          document === undefined ? undefined : deriveObject(document, this.#context, this.#objects.get(name));
        this.#replaceObject(name, after, keys);
      }
    }
    return directorsChanged && (yield* this.#chooseDirector(keys, objects));
  }

  /** An object that is for other nodes is here as if nobody had declared it. */
  #applyingHere(name: string): DeclaredDocument | undefined {
    const document = this.#declarations.applying(name);
    const selector = document?.value.spec.nodeSelector;
    if (selector === undefined) this.#selecting.delete(name);
    else this.#selecting.add(name);
    return selectsNode(selector, this.#surroundings.nodeLabels) ? document : undefined;
  }

  get #context(): ObjectContext {
    return { director: this.#director, surroundings: this.#surroundings, memory: this.#memory };
  }

  /** What the Director forbids is looked at for every object: it changes seldom, and so do namespaces. */
  *#judgeObjects(keys: Set<string>, objects: Set<string>): Generator<undefined, void> {
    let count = 0;
    for (const [name, object] of [...this.#objects]) {
      if (++count % OBJECTS_PER_STEP === 0) yield;
      const after = rederiveObject(object, this.#context);
      if (after === object) continue;
      objects.add(name);
      this.#replaceObject(name, after, keys);
    }
  }

  /** The oldest applies. */
  *#chooseDirector(keys: Set<string>, objects: Set<string>): Generator<undefined, boolean> {
    for (const name of this.#directors.keys()) objects.add(name);
    const before = this.#director;
    [this.#director] = [...this.#directors.values()].sort(compareSeniority);
    // One that only stands at another place of its file forbids what it did.
    if (before?.value !== this.#director?.value) yield* this.#judgeObjects(keys, objects);
    return this.#deriveDirector(objects);
  }

  #deriveDirector(objects: Set<string>): boolean {
    const before = this.#wantedDirector;
    const { roles } = this.#surroundings;
    this.#wantedDirector = this.#director === undefined ? null : deriveDirector(this.#director, roles);
    if (this.#director !== undefined) objects.add(this.#director.object);
    return JSON.stringify(before) !== JSON.stringify(this.#wantedDirector);
  }

  *#settle(keys: Set<string>, director: boolean, objects: Set<string>): Generator<undefined, Touched> {
    if (this.isEverythingKnown()) for (const key of this.#claims.takeReserved()) keys.add(key);
    let count = 0;
    for (const key of keys) {
      if (++count % OBJECTS_PER_STEP === 0) yield;
      if (!this.#claims.settle(key)) keys.delete(key);
      else for (const { document } of this.#claims.claimantsOf(key)) objects.add(document.object);
    }
    return { keys, director, objects };
  }
}

function finish<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
