import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFileSource } from '../../../src/adapters/files/index.js';
import type { FileSourceOptions } from '../../../src/adapters/files/index.js';
import type { SourceState, UnitChange } from '../../../src/sources/index.js';

/** A folder, and what a source of files told so far. */
export interface Watched {
  readonly folder: string;
  /** Every call of `changed`, in order. */
  readonly calls: readonly (readonly UnitChange[])[];
  /** Every state, in words, in order. */
  readonly states: readonly string[];
  /** The last word about each unit, by its path below the folder: names of objects, `Broken MESSAGE`, or `Gone`. */
  units(): Readonly<Record<string, string>>;
  /** Calls to `changed` that name this unit. */
  callsAbout(name: string): number;
  follow(paths: readonly string[], options?: FileSourceOptions): void;
  refresh(): void;
  stop(): Promise<void>;
}

export async function openWatched(): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), 'ipvs-operator-source-'));
  const calls: (readonly UnitChange[])[] = [];
  const states: string[] = [];
  const last = new Map<string, string>();
  const ending = new AbortController();
  const runs: Promise<void>[] = [];
  const refreshes: (() => void)[] = [];
  const nameOf = (unit: string): string => unit.replace(`${folder}/`, '');
  return {
    folder,
    calls,
    states,
    units: () => Object.fromEntries([...last].sort()),
    callsAbout: (name) => calls.filter((call) => call.some(({ unit }) => nameOf(unit) === name)).length,
    follow(paths, options) {
      const source = createFileSource(paths, { debounceMilliseconds: 5, ...options });
      const listener = {
        changed: (changes: readonly UnitChange[]) => {
          calls.push(changes);
          for (const change of changes) last.set(nameOf(change.unit), contentText(change));
        },
        state: (state: SourceState) => {
          states.push(state.kind === 'Away' ? `Away ${state.reason.replaceAll(folder, '')}` : state.kind);
        },
        surroundings: () => {
          throw new Error('files know nothing of what is around them');
        },
      };
      refreshes.push(() => {
        source.refresh();
      });
      runs.push(source.run(listener, ending.signal));
    },
    refresh() {
      for (const refresh of refreshes) refresh();
    },
    async stop() {
      ending.abort();
      await Promise.all(runs);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function contentText({ content }: UnitChange): string {
  switch (content.kind) {
    case 'Present':
      return content.documents.map(({ object }) => object).join(', ');
    case 'Broken':
      return `Broken ${content.issues[0]?.message ?? ''}`;
    case 'Gone':
      return 'Gone';
  }
}

/** Waits until a condition holds; the machine may be slow, and then it takes as long as it takes. */
export async function eventually(check: () => void): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      check();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(5);
    }
  }
}
