/**
 * There may be a line for each of 100,000 real servers, and a registry of metrics takes seconds to say something about
 * each. So such lines are written without one, and others have their turn in between.
 */
const LINES_PER_PIECE = 500;

/** A text that grows by lines. */
export class Lines {
  #text: string;
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isFull(): boolean {
    return this.#count >= LINES_PER_PIECE;
  }

  add(line: string): void {
    this.#text += line;
    this.#count++;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    this.#count = 0;
    return text;
  }
}

export function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
