import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { unreadable } from './input-text.js';
import type { InputResult } from './input-text.js';
import { listFiles } from './list-files.js';
import { describeFileError, readRegularFile } from './read-file.js';
import { readStdin } from './read-stdin.js';

export interface ReadInputsOptions {
  /** What the path `-` stands for. */
  readonly stdin: Readable;
  /** Whether folders inside folders are read too. */
  readonly recursive?: boolean;
  /** Makes the generator throw the signal's reason. */
  readonly signal?: AbortSignal;
}

/** After so many files, others get their turn on the event loop. */
const FILES_PER_TURN = 64;

/**
 * The texts behind `-f` arguments, in the order of the arguments, a folder's files by name, each file once. One is
 * read when it is asked for, so that no more than one is in memory. What is wrong with an input takes its place as an
 * issue: a folder without documents, too, since it is more likely a slip than a wish for nothing.
 */
export async function* readInputs(paths: readonly string[], options: ReadInputsOptions): AsyncGenerator<InputResult> {
  const seen = new Set<string>();
  let stdinWasRead = false;
  for (const path of paths) {
    options.signal?.throwIfAborted();
    if (path !== '-') yield* readPath(path, seen, options);
    else if (stdinWasRead) yield unreadable('<stdin>', 'named twice; standard input can be read only once');
    else {
      stdinWasRead = true;
      yield await readStdin(options.stdin, options.signal);
    }
  }
}

async function* readPath(path: string, seen: Set<string>, options: ReadInputsOptions): AsyncGenerator<InputResult> {
  const result = await readRegularFile(path, seen);
  if (result.kind === 'Folder') yield* readFolder(path, seen, options);
  else if (result.kind !== 'Seen') yield result;
}

async function* readFolder(
  folder: string,
  seen: Set<string>,
  { recursive = false, signal }: ReadInputsOptions,
): AsyncGenerator<InputResult> {
  let files: readonly string[];
  try {
    files = listFiles(folder, { recursive });
  } catch (error) {
    yield unreadable(folder, describeFileError(error));
    return;
  }
  if (files.length === 0) {
    const below = recursive ? '' : '; folders inside it are not read';
    yield unreadable(folder, `the folder holds no *.yaml, *.yml or *.json file${below}`);
  }
  for (const [i, file] of files.entries()) {
    if (i % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate();
    signal?.throwIfAborted();
    const result = await readRegularFile(file, seen);
    // A link to a folder is a folder inside the folder; following it could lead in a circle.
    if (result.kind === 'Text' || result.kind === 'Issue') yield result;
  }
}
