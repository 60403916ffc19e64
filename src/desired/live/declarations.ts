import type { DeclaredDocument } from '../declared.js';

/** Where a document was declared. */
export interface Place {
  /** Sources count from 0, in the order in which they were given. */
  readonly source: number;
  readonly unit: string;
  /** Within the unit. */
  readonly position: number;
}

interface Declaration {
  readonly place: Place;
  readonly document: DeclaredDocument;
}

/**
 * All documents by object. Of an object that is declared several times the first place applies, whichever came first
 * in time: a restart shall not change what applies.
 */
export class Declarations {
  readonly #byObject = new Map<string, Declaration[]>();
  readonly #repeated = new Set<string>();

  add(place: Place, document: DeclaredDocument): void {
    const { object } = document;
    const declarations = this.#byObject.get(object);
    if (declarations === undefined) {
      this.#byObject.set(object, [{ place, document }]);
      return;
    }
    declarations.push({ place, document });
    declarations.sort((a, b) => comparePlaces(a.place, b.place));
    this.#repeated.add(object);
  }

  remove(place: Place, object: string): void {
    const left = (this.#byObject.get(object) ?? []).filter((other) => comparePlaces(other.place, place) !== 0);
    if (left.length === 0) this.#byObject.delete(object);
    else this.#byObject.set(object, left);
    if (left.length < 2) this.#repeated.delete(object);
  }

  applying(object: string): DeclaredDocument | undefined {
    return this.#byObject.get(object)?.[0]?.document;
  }

  /** Of every object that is declared several times: what applies, and what does not. */
  *repetitions(): Generator<{ readonly first: DeclaredDocument; readonly other: DeclaredDocument }> {
    for (const object of this.#repeated) {
      const [first, ...others] = this.#byObject.get(object) ?? [];
      if (first === undefined) continue;
      for (const { document } of others) yield { first: first.document, other: document };
    }
  }
}

function comparePlaces(a: Place, b: Place): number {
  return a.source - b.source || (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : a.position - b.position);
}
