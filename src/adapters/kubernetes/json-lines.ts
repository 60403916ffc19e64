import { StringDecoder } from 'node:string_decoder';
import { ApiError } from './api-error.js';

/** An object is at most some MB where etcd keeps it. */
const MAXIMUM_LINE_CHARACTERS = 32 * 1024 * 1024;

/** Cuts a stream of JSON values, one a line, out of chunks that end anywhere, in the midst of a character too. */
export class JsonLines {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;

  /** The values whose lines end in this chunk. Throws an `ApiError` where a line is no JSON, or has no end. */
  *take(chunk: Buffer): Generator {
    const text = this.#decoder.write(chunk);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#parts.push(text.slice(start, end));
      start = end + 1;
      const line = this.#parts.join('');
      this.#parts = [];
      this.#length = 0;
      if (line.trim() !== '') yield parseJson(line);
    }
    if (start === text.length) return;
    this.#parts.push(text.slice(start));
    this.#length += text.length - start;
    if (this.#length > MAXIMUM_LINE_CHARACTERS) throw malformed('a line that does not end');
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('something that is not JSON');
  }
}

export function malformed(what: string): ApiError {
  return new ApiError({ status: 0, reason: 'Malformed', message: `the API server sent ${what}` });
}
