import { constants } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../errors/index.js';

const OTHERS_MAY_WRITE = 0o022;

/** Makes the folder, for its owner alone, where it is not there yet; refuses one that others could write to. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await withFileErrors(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  const handle = await openTrusted(folder, constants.O_RDONLY | constants.O_DIRECTORY, 'folder');
  await handle.close();
}

/** The content of a file of ours; `undefined` where it is not there. */
export async function readPrivateFile(path: string): Promise<Buffer | undefined> {
  let handle: FileHandle;
  try {
    handle = await openTrusted(path, constants.O_RDONLY, 'file');
  } catch (error) {
    if (error instanceof UserError && codeOf(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await withFileErrors(path, () => handle.readFile());
  } finally {
    await handle.close();
  }
}

/** Opens a file of ours, which is there, so that every write goes to its end. */
export function openForAppending(path: string): Promise<FileHandle> {
  return openTrusted(path, constants.O_RDWR | constants.O_APPEND, 'file');
}

/** Puts a file with this content in the place of another one: at every moment one of the two is there, whole. */
export function replacePrivateFile(path: string, content: string): Promise<void> {
  return replaceFile(path, (handle) => handle.writeFile(content));
}

/** The same where the content is written little by little. */
export async function replaceFile(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${path}.new`;
  await withFileErrors(temporary, async () => {
    await rm(temporary, { force: true });
    const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await write(handle);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  });
}

/** Follows no symbolic link in the last place, waits for no pipe, and takes only what is ours alone to write. */
async function openTrusted(path: string, flags: number, kind: 'file' | 'folder'): Promise<FileHandle> {
  const handle = await withFileErrors(path, () =>
    open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600),
  );
  const status = await handle.stat();
  const isRightKind = kind === 'file' ? status.isFile() && status.nlink === 1 : status.isDirectory();
  if (isRightKind && status.uid === process.geteuid?.() && (status.mode & OTHERS_MAY_WRITE) === 0) return handle;
  await handle.close();
  throw new UserError(`${path} is not a ${kind} that this user alone may write to`, {
    hint: `Look at who made it, and remove it if nobody needs it.`,
  });
}

/** Turns what the file system refuses into a UserError that names the path. */
export async function withFileErrors<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new UserError(`cannot use ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'it is a symbolic link';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'ENOTDIR':
      return 'it is not a folder, or lies below something that is not';
    case 'EROFS':
      return 'the file system is read-only';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
