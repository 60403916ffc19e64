/** Hands chunks from one who pushes to one who takes, and who may be slower. */
export class ChunkQueue {
  #chunks: ArrayBuffer[] = [];
  #taken = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  push(chunk: ArrayBuffer): void {
    this.#chunks.push(chunk);
    this.#wake?.();
  }

  /** Nothing comes any more. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** `undefined` once everything was taken and nothing comes any more. */
  async next(): Promise<ArrayBuffer | undefined> {
    if (this.#taken === this.#chunks.length) {
      this.#chunks = [];
      this.#taken = 0;
      if (!this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    return this.#chunks[this.#taken++];
  }
}
