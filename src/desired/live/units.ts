import type { DeclaredDocument } from '../declared.js';
import type { Declarations, Place } from './declarations.js';
import type { BrokenContent, UnitChange } from './unit-change.js';

/** What one source told: its units' last good documents, and what is broken now. */
export class SourceUnits {
  readonly name: string;
  isComplete = false;
  readonly #order: number;
  readonly #documents = new Map<string, readonly DeclaredDocument[]>();
  readonly #broken = new Map<string, BrokenContent>();

  constructor(name: string, order: number) {
    this.name = name;
    this.#order = order;
  }

  /** Units, whether they are right or broken. */
  get size(): number {
    let size = this.#documents.size;
    for (const unit of this.#broken.keys()) if (!this.#documents.has(unit)) size++;
    return size;
  }

  /** Broken units and what is wrong with them. */
  get broken(): ReadonlyMap<string, BrokenContent> {
    return this.#broken;
  }

  /** Takes the change into the declarations and gives the objects that may be declared in another way now. */
  take({ unit, content }: UnitChange, declarations: Declarations): readonly string[] {
    if (content.kind === 'Broken') {
      this.#broken.set(unit, content);
      return [];
    }
    this.#broken.delete(unit);
    const before = this.#documents.get(unit) ?? [];
    const after = content.kind === 'Present' ? content.documents : [];
    for (const [position, { object }] of before.entries()) declarations.remove(this.#place(unit, position), object);
    for (const [position, document] of after.entries()) declarations.add(this.#place(unit, position), document);
    if (content.kind === 'Gone') this.#documents.delete(unit);
    else this.#documents.set(unit, after);
    return [...before, ...after].map(({ object }) => object);
  }

  #place(unit: string, position: number): Place {
    return { source: this.#order, unit, position };
  }
}
