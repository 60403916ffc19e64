import type { DeclaredDocument } from '../../src/desired/index.js';
import type { Issue } from '../../src/errors/index.js';
import type { Source, SourceListener, SourceState, Surroundings, UnitChange } from '../../src/sources/index.js';

/** A source that tells what a test makes it tell. */
export class ScriptedSource implements Source {
  readonly name: string;
  refreshes = 0;
  #listener: SourceListener | undefined;

  constructor(name = 'script') {
    this.name = name;
  }

  async run(listener: SourceListener, signal: AbortSignal): Promise<void> {
    this.#listener = listener;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
      if (signal.aborted) resolve();
    });
  }

  refresh(): void {
    this.refreshes++;
  }

  present(unit: string, ...documents: readonly DeclaredDocument[]): void {
    this.#listener?.changed([{ unit, content: { kind: 'Present', documents } }]);
  }

  presentAll(documents: readonly DeclaredDocument[]): void {
    this.#listener?.changed(
      documents.map((document) => ({ unit: document.object, content: { kind: 'Present', documents: [document] } })),
    );
  }

  broken(unit: string, ...issues: readonly Issue[]): void {
    this.#listener?.changed([{ unit, content: { kind: 'Broken', issues } }]);
  }

  changed(...units: readonly UnitChange[]): void {
    this.#listener?.changed(units);
  }

  gone(...units: readonly string[]): void {
    this.#listener?.changed(units.map((unit) => ({ unit, content: { kind: 'Gone' } })));
  }

  surroundings(change: Partial<Surroundings>): void {
    this.#listener?.surroundings(change);
  }

  state(kind: 'Complete' | 'Reading' | 'Away'): void {
    const state: SourceState = kind === 'Away' ? { kind, reason: 'it hides' } : { kind };
    this.#listener?.state(state);
  }
}
