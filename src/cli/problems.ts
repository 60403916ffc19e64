import { KernelError, UnsupportedError, UserError } from '../errors/index.js';
import type { Issue } from '../errors/index.js';
import { persistenceEngine } from '../model/index.js';
import type { Operation } from '../model/index.js';

/** Something went wrong, in the words for the person at the keyboard. */
export interface Problem {
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Set to 1, it lets internal errors say where they happened. */
export const DEBUG_VARIABLE = 'IPVS_OPERATOR_DEBUG';

export function describeError(error: unknown): Problem {
  if (error instanceof KernelError) return describeKernelError(error);
  if (error instanceof UserError) {
    return error.hint === undefined ? { message: error.message } : { message: error.message, hint: error.hint };
  }
  if (error instanceof UnsupportedError) return { message: error.message };
  return {
    message: `internal error: ${error instanceof Error ? error.message : String(error)}`,
    hint: `this is a bug: please report it, with the stack, which ${DEBUG_VARIABLE}=1 shows`,
  };
}

/** Whether an error is one that nobody at the keyboard can put right: a bug. */
export function isInternalError(error: unknown): boolean {
  return !(error instanceof KernelError || error instanceof UserError || error instanceof UnsupportedError);
}

function describeKernelError(error: KernelError): Problem {
  switch (error.code) {
    case 'EPERM':
    case 'EACCES':
      return {
        message: `not permitted to use IPVS (${error.operation})`,
        hint: 'run as root, or with the capability CAP_NET_ADMIN; IPVS does not accept that of a user namespace',
      };
    case 'NOIPVS':
      return {
        message: 'the kernel module ip_vs is not loaded',
        hint: 'load it with `modprobe ip_vs`; in a container, load it on the host',
      };
    default:
      return { message: error.message };
  }
}

/** Why the kernel refused one operation, with what helps where that is known. */
export function describeFailure(operation: Operation, error: KernelError): Problem {
  if (error.code === 'ENOENT' && (operation.kind === 'AddService' || operation.kind === 'EditService')) {
    const { scheduler } = operation.settings;
    const engine = persistenceEngine(operation.settings);
    const missing = [`scheduler ${scheduler}`, ...(engine === '' ? [] : [`persistence engine ${engine}`])];
    const modules = [`ip_vs_${scheduler}`, ...(engine === '' ? [] : [`ip_vs_pe_${engine}`])];
    return {
      message: `the kernel has no ${missing.join(' or no ')}`,
      hint: `load it with \`modprobe ${modules.join(' ')}\`, or choose another one`,
    };
  }
  if (error.code === 'EPERM' || error.code === 'NOIPVS') return describeKernelError(error);
  return { message: error.message };
}

/** `file:line:column: path: message`, as editors and compilers have it; without what the issue does not know. */
export function issueLine(issue: Issue): string {
  const place = issue.location === undefined ? [] : [placeText(issue.location)];
  const path = issue.path === '' ? [] : [issue.path];
  return [...place, ...path, issue.message].join(': ');
}

function placeText(location: NonNullable<Issue['location']>): string {
  if (location.line === 0) return location.file;
  if (location.column === 0) return `${location.file}:${location.line}`;
  return `${location.file}:${location.line}:${location.column}`;
}
