import type { Issue } from '../errors/index.js';
import { DesiredIndex } from '../desired/index.js';
import type { Notice, ObjectStanding } from '../desired/index.js';
import type { WantedState } from '../model/index.js';
import type { Source, SourceListener, SourceState, Surroundings, UnitChange } from '../sources/index.js';
import type { Clock } from './clock.js';
import type { SourceSnapshot } from './controller-types.js';
import { finishInSteps } from './in-steps.js';

type Message =
  | { readonly kind: 'Changed'; readonly source: string; readonly units: readonly UnitChange[] }
  | { readonly kind: 'Complete'; readonly source: string }
  | { readonly kind: 'Surroundings'; readonly change: Partial<Surroundings> };

/** What else is wanted since the last look. */
export interface IntakeChange {
  readonly keys: ReadonlySet<string>;
  readonly director: boolean;
  /** Objects whose standing may be another one. */
  readonly objects: ReadonlySet<string>;
}

export interface IntakeInput {
  readonly sources: readonly Source[];
  readonly surroundings: Partial<Surroundings> | undefined;
  readonly clock: Clock;
  readonly holderOf: (key: string) => string | undefined;
  /** Is called when there is something to take. */
  readonly onMessage: () => void;
  readonly onState: (source: string, state: SourceState) => void;
}

interface StateOfSource {
  readonly state: SourceState;
  readonly sinceMilliseconds: number;
}

/**
 * Stands between the sources and what is wanted: takes down what they tell when they tell it, and works it in when the
 * loop asks, so that what is wanted does not change in the midst of a round.
 */
export class Intake {
  readonly #input: IntakeInput;
  readonly #index: DesiredIndex;
  readonly #states = new Map<string, StateOfSource>();
  /** Sources that are away, each until what it tells when it is back is worked in, and not only told. */
  readonly #away = new Set<string>();
  #inbox: Message[] = [];

  constructor(input: IntakeInput) {
    this.#input = input;
    const { sources, surroundings, holderOf, clock } = input;
    this.#index = new DesiredIndex({
      sources: sources.map(({ name }) => name),
      holderOf,
      ...(surroundings === undefined ? {} : { surroundings }),
    });
    const start: StateOfSource = { state: { kind: 'Reading' }, sinceMilliseconds: clock.nowMilliseconds() };
    for (const { name } of sources) this.#states.set(name, start);
  }

  get wanted(): WantedState {
    return this.#index.wanted;
  }

  /** How many real servers are wanted. */
  get wantedServers(): number {
    return this.#index.serverCount;
  }

  /** Whether all sources have told what they can tell for now. */
  get isSettled(): boolean {
    return this.#inbox.length === 0 && [...this.#states.values()].every(({ state }) => state.kind !== 'Reading');
  }

  /** What a source that is away has withdrawn may be declared again by now: nobody has heard of it. */
  mayRemove(): boolean {
    return this.#away.size === 0 && this.#index.isEverythingKnown();
  }

  listener(source: string): SourceListener {
    return {
      changed: (units) => {
        this.#inbox.push({ kind: 'Changed', source, units });
        this.#input.onMessage();
      },
      state: (state) => {
        this.#states.set(source, { state, sinceMilliseconds: this.#input.clock.nowMilliseconds() });
        if (state.kind === 'Away') this.#away.add(source);
        if (state.kind === 'Complete') this.#inbox.push({ kind: 'Complete', source });
        this.#input.onState(source, state);
        this.#input.onMessage();
      },
      surroundings: (change) => {
        this.#inbox.push({ kind: 'Surroundings', change });
        this.#input.onMessage();
      },
    };
  }

  /** Works in what has been told; `undefined` where nothing has. */
  async take(): Promise<IntakeChange | undefined> {
    if (this.#inbox.length === 0) return undefined;
    const keys = new Set<string>();
    const objects = new Set<string>();
    let director = false;
    const note = (touched: IntakeChange): void => {
      for (const key of touched.keys) keys.add(key);
      for (const object of touched.objects) objects.add(object);
      director ||= touched.director;
    };
    while (this.#inbox.length > 0) {
      const messages = this.#inbox;
      this.#inbox = [];
      for (const message of messages) {
        if (message.kind === 'Complete') note(this.#complete(message.source));
        else if (message.kind === 'Surroundings') {
          note(await this.#inSteps(this.#index.surroundingsInSteps(message.change)));
        } else note(await this.#inSteps(this.#index.updateInSteps(message.source, message.units)));
      }
    }
    return { keys, director, objects };
  }

  #complete(source: string): IntakeChange {
    // It may have gone away again since it said so.
    if (this.#states.get(source)?.state.kind !== 'Away') this.#away.delete(source);
    return this.#index.complete(source);
  }

  #inSteps(steps: Generator<undefined, IntakeChange>): Promise<IntakeChange> {
    const { clock } = this.#input;
    return finishInSteps(steps, { now: () => clock.nowMilliseconds(), pause: () => clock.pause() });
  }

  get hasNews(): boolean {
    return this.#inbox.length > 0;
  }

  get electingDirector(): string | undefined {
    return this.#index.electingDirector;
  }

  standingOf(object: string): ObjectStanding | undefined {
    return this.#index.standingOf(object);
  }

  issues(): Promise<readonly Issue[]> {
    return this.#index.issues();
  }

  notices(): readonly Notice[] {
    return this.#index.notices();
  }

  sources(): readonly SourceSnapshot[] {
    return Array.from(this.#index.sources(), ({ name, isComplete, size, broken }) => {
      const { state, sinceMilliseconds } = this.#states.get(name) ?? {
        state: { kind: 'Reading' },
        sinceMilliseconds: 0,
      };
      return { name, state, sinceMilliseconds, isComplete, unitCount: size, brokenUnits: [...broken.keys()] };
    });
  }

  /** Why no service may go now, a sentence each: exactly where `mayRemove` says no. */
  obstacles(): readonly string[] {
    return this.sources().flatMap(({ name, isComplete, brokenUnits }) => [
      ...(isComplete ? [] : [`${name} has not been read completely yet`]),
      ...(isComplete && this.#away.has(name) ? [`${name} is away`] : []),
      ...brokenUnits.map((unit) => (unit === name ? `${name} is broken` : `${unit} of ${name} is broken`)),
    ]);
  }
}
