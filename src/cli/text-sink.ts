import type { Writable } from 'node:stream';
import { UserError } from '../errors/index.js';

/** Where output goes: a terminal, a pipe, a file; in tests, a text. */
export interface TextSink {
  readonly isTerminal: boolean;
  /** False once the reader has gone away (`get | head`): whoever has much to write stops. */
  readonly isOpen: boolean;
  /** Resolves when more may be written. Without a reader it does nothing. */
  write(text: string): Promise<void>;
}

/**
 * A sink on a stream of the process. A reader that goes away is no error: it has seen enough. Anything else that
 * prevents writing, such as a full disk, rejects with UserError.
 */
export function streamSink(stream: Writable & { readonly isTTY?: boolean }): TextSink {
  let isOpen = true;
  // Without a listener the event would end the process; the callbacks of `write` tell of the same error.
  stream.on('error', () => {
    isOpen = false;
  });
  return {
    isTerminal: stream.isTTY === true,
    get isOpen() {
      return isOpen;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (!isOpen || text === '') {
          resolve();
          return;
        }
        stream.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
          if (error && error.code !== 'EPIPE') reject(new UserError(`cannot write the output: ${error.message}`));
          else resolve();
        });
      }),
  };
}

const CHUNK_LENGTH = 64 * 1024;

/** Writes many small texts in few large ones, at the reader's pace. Ends early when the reader has gone. */
export async function writeAll(sink: TextSink, texts: Iterable<string>): Promise<void> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK_LENGTH) continue;
    await sink.write(chunk);
    chunk = '';
    if (!sink.isOpen) return;
  }
  await sink.write(chunk);
}
