/** A server may say 512 by the standard; some say more. */
const MAXIMUM_LINE_BYTES = 4096;
const MAXIMUM_LINES = 128;

/** Three digits, and a dash where more lines follow. */
const REPLY_LINE = /^([2-5][0-9][0-9])(?:([ -])(.*))?$/s;

export interface Reply {
  /** Three digits. */
  readonly code: string;
  readonly lines: readonly string[];
}

/** Makes replies of what a server sends, in whatever pieces. */
export class ReplyReader {
  #rest = '';
  #code = '';
  #lines: string[] = [];

  /** Whether there is nothing beyond the replies that were taken. */
  get isEmpty(): boolean {
    return this.#rest === '' && this.#lines.length === 0;
  }

  add(chunk: Buffer): void {
    this.#rest += chunk.toString('latin1');
  }

  /** The next reply; `undefined` until it is complete. */
  take(): Reply | 'Garbage' | undefined {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if ((end < 0 ? this.#rest.length : end) > MAXIMUM_LINE_BYTES) return 'Garbage';
      if (end < 0) return undefined;
      const [, code, mark, text = ''] = REPLY_LINE.exec(this.#rest.slice(0, end).replace(/\r$/, '')) ?? [];
      this.#rest = this.#rest.slice(end + 1);
      const isOther = this.#lines.length > 0 && code !== this.#code;
      if (code === undefined || isOther || this.#lines.length >= MAXIMUM_LINES) return 'Garbage';
      this.#code = code;
      this.#lines.push(text);
      if (mark === '-') continue;
      const lines = this.#lines;
      this.#lines = [];
      return { code, lines };
    }
  }
}
