import { readFile, writeFile } from 'node:fs/promises';
import { KernelError, kernelErrorCode } from '../../errors/index.js';
import type { Operation, Sysctls } from '../../model/index.js';
import { failedOperation, refusedOperation } from './kernel-failure.js';

/** What this process sees here is its own network namespace's. */
const FOLDER = '/proc/sys/net/ipv4/vs';
const NAME = /^[a-z0-9_]+$/;

/** The values of those sysctls that this kernel has. */
export async function readSysctls(names: readonly string[]): Promise<Sysctls> {
  const entries = await Promise.all(names.map(async (name) => [name, await readSysctl(name)] as const));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function readSysctl(name: string): Promise<string | undefined> {
  if (!NAME.test(name)) return undefined;
  try {
    return (await readFile(`${FOLDER}/${name}`, 'latin1')).trimEnd();
  } catch (error) {
    const errno = systemErrno(error);
    if (errno === undefined) throw error;
    const code = kernelErrorCode(errno);
    if (code === 'ENOENT') return undefined;
    throw new KernelError({ code, errno, operation: `read net.ipv4.vs.${name}`, detail: code });
  }
}

export type SetSysctl = Operation & { readonly kind: 'SetSysctl' };

/** Gives the error where the kernel, or a read-only /proc, refuses the value. */
export async function writeSysctl(operation: SetSysctl): Promise<KernelError | undefined> {
  if (!NAME.test(operation.name)) return refusedOperation(operation, 'this is no name of a sysctl');
  try {
    // Never made where it does not exist: /proc answers that with EACCES, which says less than ENOENT.
    await writeFile(`${FOLDER}/${operation.name}`, operation.value, { flag: 'r+' });
    return undefined;
  } catch (error) {
    const errno = systemErrno(error);
    if (errno === undefined) throw error;
    return failedOperation(operation, errno);
  }
}

/** Node's errno of a failed system call is negative. */
function systemErrno(error: unknown): number | undefined {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? -error.errno : undefined;
}
