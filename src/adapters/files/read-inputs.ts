import type { Readable } from 'node:stream';
import type { Issue } from '../../errors/index.js';

export interface ReadInputsOptions {
  /** What the path `-` stands for. */
  readonly stdin: Readable;
  /** Whether folders inside folders are read too. */
  readonly recursive?: boolean;
  readonly signal?: AbortSignal;
}

export type InputResult =
  /** `file` is the path as a person would write it; `<stdin>` for standard input. */
  | { readonly kind: 'Text'; readonly file: string; readonly text: string }
  | { readonly kind: 'Issue'; readonly issue: Issue };

/**
 * The texts behind `-f` arguments, in the order of the arguments, a folder's files by name; each file once.
 */
export async function* readInputs(paths: readonly string[], options: ReadInputsOptions): AsyncGenerator<InputResult> {
  await Promise.resolve();
  options.signal?.throwIfAborted();
  for (const path of paths) throw new Error(`to come: ${path}`);
  yield* [];
}
