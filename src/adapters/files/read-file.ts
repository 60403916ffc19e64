import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { promisify } from 'node:util';
import { decodeInput, MAXIMUM_INPUT_BYTES, tooLarge, unreadable } from './input-text.js';
import type { InputResult } from './input-text.js';

const readInBackground = promisify(read);

/** Up to here a file is read on the spot, which costs a tenth of what it costs in the background. */
const SMALL_FILE_BYTES = 1024 * 1024;

/** Without O_NONBLOCK, opening a named pipe would wait for its writer. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** `Folder`: it is one. `Seen`: it was read before, under this name or another one. */
export type FileResult = InputResult | { readonly kind: 'Folder' } | { readonly kind: 'Seen' };

/**
 * Reads a regular file; symbolic links are followed, pipes and devices refused.
 *
 * @param seen the identities of the files so far, to which this one is added
 */
export async function readRegularFile(file: string, seen: Set<string>): Promise<FileResult> {
  let descriptor: number;
  try {
    descriptor = openSync(file, OPEN_FLAGS);
  } catch (error) {
    return unreadable(file, describeFileError(error));
  }
  try {
    const status = fstatSync(descriptor);
    return refuse(file, status, seen) ?? (await readText(file, descriptor, status.size));
  } catch (error) {
    return unreadable(file, describeFileError(error));
  } finally {
    closeSync(descriptor);
  }
}

function refuse(file: string, status: Stats, seen: Set<string>): FileResult | undefined {
  if (status.isDirectory()) return { kind: 'Folder' };
  if (!status.isFile()) return unreadable(file, 'neither a regular file nor a folder');
  if (status.size > MAXIMUM_INPUT_BYTES) return tooLarge(file);
  const identity = `${status.dev} ${status.ino}`;
  if (seen.has(identity)) return { kind: 'Seen' };
  seen.add(identity);
  return undefined;
}

/** The size is a hint: it may have changed, and some file systems say 0 of every file. */
async function readText(file: string, descriptor: number, size: number): Promise<InputResult> {
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const room = buffer.length - length;
    const count =
      size > SMALL_FILE_BYTES
        ? (await readInBackground(descriptor, buffer, length, room, null)).bytesRead
        : readSync(descriptor, buffer, length, room, null);
    if (count === 0) return decodeInput(file, buffer.subarray(0, length));
    length += count;
    if (length > MAXIMUM_INPUT_BYTES) return tooLarge(file);
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.max(2 * length, 4096));
  }
}

/** In a person's words. */
export function describeFileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'a symbolic link that leads in a circle';
    case 'ENOTDIR':
      return 'a part of the path is not a folder';
    case 'ENXIO':
      return 'neither a regular file nor a folder';
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
