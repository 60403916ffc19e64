import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { UserError } from '../../errors/index.js';

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const EXECUTABLE_BY_OTHERS = 0o001;

/** The folder of programs, without links on the way to it. */
export interface ProgramFolder {
  readonly path: string;
}

export type FoundProgram =
  { readonly kind: 'Found'; readonly path: string } | { readonly kind: 'Refused'; readonly reason: string };

/** Throws a `UserError` where it is none that root alone decides about. */
export async function openProgramFolder(path: string): Promise<ProgramFolder> {
  try {
    const real = await realpath(path);
    const stats = await stat(real);
    if (!stats.isDirectory()) throw new UserError(`${path} is no folder`);
    const fault = faultOf(real, stats) ?? (await findFaultAbove(real));
    if (fault !== undefined) {
      throw new UserError(`programs are not run from ${path}: ${fault}`, {
        hint: 'whoever can write there would decide what this program runs',
      });
    }
    return { path: real };
  } catch (error) {
    if (isFileError(error)) throw new UserError(`cannot use the folder of programs ${path}: ${error.message}`);
    throw error;
  }
}

/**
 * The program of this name, where it is in the folder, whatever links lead to it, and root alone can have put it there.
 * Nobody else can change that between this look and its start.
 */
export async function findProgram(folder: ProgramFolder, name: string): Promise<FoundProgram> {
  const refused = (reason: string): FoundProgram => ({ kind: 'Refused', reason: `${name} ${reason}` });
  try {
    const path = await realpath(join(folder.path, name));
    if (!path.startsWith(folder.path + sep)) return refused(`is not inside ${folder.path}`);
    const stats = await stat(path);
    if (!stats.isFile()) return refused('is no program');
    if ((stats.mode & EXECUTABLE_BY_OTHERS) === 0) return refused('may not be run by everyone');
    const fault = faultOf(path, stats) ?? (await findFaultBetween(folder.path, path));
    return fault === undefined ? { kind: 'Found', path } : refused(`is not run: ${fault}`);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return refused(error.code === 'ENOENT' ? `is not in ${folder.path}` : `cannot be run: ${error.message}`);
  }
}

interface Ownership {
  readonly uid: number;
  readonly mode: number;
}

function faultOf(path: string, { uid, mode }: Ownership): string | undefined {
  if (uid !== 0) return `${path} does not belong to root`;
  return (mode & WRITABLE_BY_OTHERS) === 0 ? undefined : `${path} may be written by others than root`;
}

async function findFaultBetween(folder: string, path: string): Promise<string | undefined> {
  for (let place = dirname(path); place.length > folder.length; place = dirname(place)) {
    const fault = faultOf(place, await stat(place));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Above, nobody can take root's folder away where the sticky bit is set, as in /tmp. */
async function findFaultAbove(folder: string): Promise<string | undefined> {
  for (let place = dirname(folder); ; place = dirname(place)) {
    const stats = await stat(place);
    const fault = faultOf(place, stats);
    if (fault !== undefined && !(stats.uid === 0 && (stats.mode & STICKY) !== 0)) return fault;
    if (place === dirname(place)) return undefined;
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}
