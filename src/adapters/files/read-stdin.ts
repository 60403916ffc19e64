import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { decodeInput, MAXIMUM_INPUT_BYTES, tooLarge, unreadable } from './input-text.js';
import type { InputResult } from './input-text.js';

const NAME = '<stdin>';

/** Reads to the end. An abort rejects with the signal's reason. */
export async function readStdin(stdin: Readable, signal: AbortSignal | undefined): Promise<InputResult> {
  if (signal !== undefined) addAbortSignal(signal, stdin);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk as Uint8Array | string);
      length += bytes.length;
      if (length > MAXIMUM_INPUT_BYTES) return tooLarge(NAME);
      chunks.push(bytes);
    }
  } catch (error) {
    signal?.throwIfAborted();
    return unreadable(NAME, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return decodeInput(NAME, Buffer.concat(chunks, length));
}
