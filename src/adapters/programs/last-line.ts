/** What of an output is kept: of its end, since that says what became of it. */
const KEPT_CHARACTERS = 4096;
const LONGEST_LINE = 200;

/** Keeps the last line of an output that may be endless. */
export class LastLine {
  #end = '';

  take(text: string): void {
    this.#end = (this.#end + text).slice(-KEPT_CHARACTERS);
  }

  /** Nothing that a terminal would obey; empty where nothing was said. */
  get text(): string {
    const lines = this.#end.split('\n').map((line) => line.trim());
    const last = lines.findLast((line) => line !== '') ?? '';
    return last.slice(0, LONGEST_LINE).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  }
}
