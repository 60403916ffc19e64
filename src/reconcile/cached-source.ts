import type { DeclaredDocument } from '../desired/index.js';
import type { CacheContent, Source, SourceListener, SourceState, Surroundings, UnitChange } from '../sources/index.js';
import { CacheKeeper } from './cache-keeper.js';
import type { CachedSourceInput } from './cached-source-types.js';

/** A source that has said nothing for so long, and has not told everything, is not waited for. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * The same source, which until its first complete read stands in for what it does not tell with what was complete in an
 * earlier run:
 *
 * - where it is away, or keeps silent, all that the cache knows besides is told;
 * - of a unit that is broken, the cached documents are its last good ones.
 *
 * Meanwhile the source is not complete, so that nothing is removed. With the first complete read, cached units that it
 * did not tell are gone.
 */
export function withCache(input: CachedSourceInput): Source {
  const { source } = input;
  return {
    name: source.name,
    refresh: () => {
      source.refresh();
    },
    run: (listener, signal) => new CachedRun(input, listener).run(signal),
  };
}

type Message =
  | { readonly kind: 'Changed'; readonly units: readonly UnitChange[] }
  | { readonly kind: 'State'; readonly state: SourceState }
  | { readonly kind: 'Surroundings'; readonly change: Partial<Surroundings> }
  | { readonly kind: 'Silence' };

class CachedRun {
  readonly #input: CachedSourceInput;
  readonly #listener: SourceListener;
  readonly #keeper: CacheKeeper;
  /** Messages wait here while the cache is read; else they are passed on at once. */
  #waiting: Message[] = [];
  #isLoading = false;
  #state: SourceState = { kind: 'Reading' };
  #lastMessageAt: number;
  #cancelPatience: () => void = () => undefined;
  /** What is left to do until the first complete read; `undefined` after it. */
  #start: StartOfSource | undefined = new StartOfSource();

  constructor(input: CachedSourceInput, listener: SourceListener) {
    this.#input = input;
    this.#listener = listener;
    this.#keeper = new CacheKeeper(input);
    this.#lastMessageAt = input.clock.nowMilliseconds();
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#waitForSilence();
    try {
      await this.#input.source.run(
        {
          changed: (units) => {
            this.#take({ kind: 'Changed', units });
          },
          state: (state) => {
            this.#take({ kind: 'State', state });
          },
          surroundings: (change) => {
            this.#take({ kind: 'Surroundings', change });
          },
        },
        signal,
      );
    } finally {
      this.#cancelPatience();
    }
    await this.#keeper.finish();
  }

  #waitForSilence(): void {
    const { clock } = this.#input;
    const left = this.#lastMessageAt + PATIENCE_MILLISECONDS - clock.nowMilliseconds();
    this.#cancelPatience = clock.schedule(Math.max(0, left), () => {
      if (this.#start === undefined) return;
      if (clock.nowMilliseconds() < this.#lastMessageAt + PATIENCE_MILLISECONDS) this.#waitForSilence();
      else this.#take({ kind: 'Silence' });
    });
  }

  #take(message: Message): void {
    this.#lastMessageAt = this.#input.clock.nowMilliseconds();
    this.#waiting.push(message);
    this.#passOn();
  }

  #passOn(): void {
    while (!this.#isLoading) {
      const [message] = this.#waiting;
      if (message === undefined) return;
      if (this.#start?.needsCacheFor(message) === true) {
        void this.#load(this.#start);
        return;
      }
      this.#waiting.shift();
      this.#tell(message);
    }
  }

  async #load(start: StartOfSource): Promise<void> {
    this.#isLoading = true;
    const content = await this.#input.cache.load();
    this.#isLoading = false;
    start.take(content.kind === 'Usable' ? content : null);
    if (content.kind === 'Unusable') {
      this.#input.observe({ kind: 'CacheNotUsable', source: this.#input.source.name, reason: content.reason });
    }
    this.#passOn();
  }

  #tell(message: Message): void {
    switch (message.kind) {
      case 'Changed': {
        const units = this.#start?.withLastGood(message.units) ?? message.units;
        this.#keeper.note(units);
        this.#listener.changed(units);
        return;
      }
      case 'State':
        this.#state = message.state;
        this.#tellState();
        return;
      case 'Surroundings':
        this.#start?.noteSurroundings(message.change);
        this.#keeper.noteSurroundings(message.change);
        this.#listener.surroundings(message.change);
        return;
      case 'Silence':
        this.#tellState();
        return;
    }
  }

  #tellState(): void {
    const state = this.#state;
    if (state.kind === 'Complete') {
      const gone = this.#start?.remembered() ?? [];
      if (gone.length > 0) this.#listener.changed(gone.map(({ unit }) => ({ unit, content: { kind: 'Gone' } })));
      this.#start = undefined;
      this.#cancelPatience();
    } else if (this.#start?.content) {
      const { content } = this.#start;
      const remembered = this.#start.remembered();
      if (!this.#start.isTold) {
        this.#start.isTold = true;
        this.#listener.surroundings(this.#start.rememberedSurroundings());
        this.#listener.changed(remembered);
      }
      const { savedAt, isOfEarlierBoot } = content;
      this.#listener.state({ ...state, cache: { savedAt, isOfEarlierBoot, unitCount: remembered.length } });
      return;
    }
    this.#listener.state(state);
    this.#keeper.setComplete(state.kind === 'Complete');
  }
}

/** What a source told before its first complete read, and what the cache knows of the rest. */
class StartOfSource {
  /** `undefined`: nobody asked for it yet. `null`: it cannot be used. */
  content: CacheContent | null | undefined;
  /** Whether what only the cache knows was told. */
  isTold = false;
  readonly #told = new Set<string>();
  #toldSurroundings: Partial<Surroundings> = {};

  needsCacheFor(message: Message): boolean {
    if (this.content !== undefined) return false;
    switch (message.kind) {
      case 'Changed':
        return message.units.some(({ content }) => content.kind === 'Broken');
      case 'State':
        return message.state.kind === 'Away';
      case 'Surroundings':
        return false;
      case 'Silence':
        return true;
    }
  }

  take(content: CacheContent | null): void {
    this.content = content;
  }

  /** The changes, and before what is broken its cached documents, where nothing else was told of it. */
  withLastGood(units: readonly UnitChange[]): readonly UnitChange[] {
    const all: UnitChange[] = [];
    for (const change of units) {
      const documents = change.content.kind === 'Broken' ? this.#cached(change.unit) : undefined;
      if (documents !== undefined) all.push({ unit: change.unit, content: { kind: 'Present', documents } });
      all.push(change);
      this.#told.add(change.unit);
    }
    return all;
  }

  noteSurroundings(change: Partial<Surroundings>): void {
    this.#toldSurroundings = { ...this.#toldSurroundings, ...change };
  }

  /** What of the surroundings only the cache knows. */
  rememberedSurroundings(): Partial<Surroundings> {
    const told = Object.keys(this.#toldSurroundings);
    return Object.fromEntries(
      Object.entries(this.content?.surroundings ?? {}).filter(([name]) => !told.includes(name)),
    );
  }

  /** What only the cache knows. */
  remembered(): readonly UnitChange[] {
    const changes: UnitChange[] = [];
    for (const [unit, documents] of this.content?.units ?? []) {
      if (this.#told.has(unit)) continue;
      changes.push({ unit, content: { kind: 'Present', documents: this.#asOfThen(documents) } });
    }
    return changes;
  }

  #cached(unit: string): readonly DeclaredDocument[] | undefined {
    const documents = this.#told.has(unit) ? undefined : this.content?.units.get(unit);
    return documents === undefined ? undefined : this.#asOfThen(documents);
  }

  /** Addresses of servers that were found before the host was started anew may be somebody else's by now. */
  #asOfThen(documents: readonly DeclaredDocument[]): readonly DeclaredDocument[] {
    if (this.content?.isOfEarlierBoot !== true) return documents;
    return documents.map((document) =>
      document.kind === 'VirtualService' && document.found !== undefined
        ? { ...document, found: { ...document.found, isOfEarlierBoot: true } }
        : document,
    );
  }
}
