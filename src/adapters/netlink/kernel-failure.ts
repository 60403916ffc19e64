import { KernelError, kernelErrorCode } from '../../errors/index.js';
import { describeOperation, persistenceEngine } from '../../model/index.js';
import type { Operation } from '../../model/index.js';
import { isNativeError, NO_IPVS } from './addon.js';

const EPERM = 1;
const EINVAL = 22;

/** An operation that is not sent, because the kernel would take nonsense for something else. */
export function refusedOperation(operation: Operation, reason: string): KernelError {
  return new KernelError({ code: 'EINVAL', errno: EINVAL, operation: describeOperation(operation), detail: reason });
}

/** An operation that the kernel answered with an errno. */
export function failedOperation(operation: Operation, errno: number): KernelError {
  const code = kernelErrorCode(errno);
  const detail = operationDetail(operation, code) ?? commonDetail(code) ?? `errno ${errno}`;
  return new KernelError({ code, errno, operation: describeOperation(operation), detail: `${detail} (${code})` });
}

/** Whether an errno is about this process, not about the operation that met it. */
export function concernsTheCall(errno: number): boolean {
  return errno === EPERM;
}

/** What a call as a whole was rejected with; anything that the addon did not reject is passed on as it is. */
export function failedCall(operation: string, error: unknown): unknown {
  if (!isNativeError(error)) return error;
  if (error.errno === NO_IPVS) {
    const detail = 'the kernel has no IPVS: load it with `modprobe ip_vs`';
    return new KernelError({ code: 'NOIPVS', errno: 0, operation, detail });
  }
  const code = kernelErrorCode(error.errno);
  const detail = `${commonDetail(code) ?? `errno ${error.errno}`} (${code})`;
  return new KernelError({ code, errno: error.errno, operation, detail });
}

type Code = KernelError['code'];

function commonDetail(code: Code): string | undefined {
  switch (code) {
    case 'EPERM':
      return 'needs root, or CAP_NET_ADMIN in the initial user namespace';
    case 'EACCES':
      return 'permission denied';
    case 'ESRCH':
      return 'no such service';
    case 'EEXIST':
      return 'exists already';
    case 'ENOMEM':
      return 'the kernel is out of memory';
    case 'ENOBUFS':
      return 'the kernel dropped its answer: it may have been done';
    case 'ETIMEDOUT':
      return 'the kernel did not answer: it may have been done';
    case 'EMSGSIZE':
      return 'the answer of the kernel was cut off: it may have been done';
    case 'EAFNOSUPPORT':
      return 'the kernel has no support for this address family';
    case 'EINVAL':
      return 'the kernel takes it for invalid';
    case 'ENODEV':
      return 'no such network interface';
    default:
      return undefined;
  }
}

function operationDetail(operation: Operation, code: Code): string | undefined {
  switch (operation.kind) {
    case 'AddService':
    case 'EditService':
      return code === 'ENOENT' ? missingModule(operation) : undefined;
    case 'AddServer':
    case 'EditServer':
      return serverDetail(operation, code);
    case 'DeleteServer':
      return code === 'ENOENT' ? 'no such real server' : undefined;
    case 'SetSysctl':
      return code === 'ENOENT' ? 'this kernel has no such sysctl' : undefined;
    case 'StopDaemon':
      return code === 'ESRCH' ? 'it does not run' : undefined;
    case 'StartDaemon':
      return code === 'EEXIST' ? 'it runs already' : undefined;
    case 'DeleteService':
    case 'ZeroStatistics':
    case 'Flush':
    case 'SetTimeouts':
      return undefined;
  }
}

function missingModule(operation: Operation & { readonly kind: 'AddService' | 'EditService' }): string {
  const { scheduler } = operation.settings;
  const schedulerPart = `the kernel has no scheduler ${scheduler}, try \`modprobe ip_vs_${scheduler}\``;
  const engine = persistenceEngine(operation.settings);
  return engine === ''
    ? schedulerPart
    : `${schedulerPart}; or no persistence engine ${engine}, try \`modprobe ip_vs_pe_${engine}\``;
}

function serverDetail(
  operation: Operation & { readonly kind: 'AddServer' | 'EditServer' },
  code: Code,
): string | undefined {
  switch (code) {
    case 'ENOENT':
      return 'no such real server';
    case 'ERANGE':
      return operation.server.weight < 0
        ? 'the weight is negative'
        : 'the lower connection threshold is above the upper one';
    case 'EINVAL':
      return (
        'the kernel takes it for invalid: the address must be a unicast one that is not link-local (and `lo` must be up), ' +
        'and a server of the other family needs tunnelling, with no sync daemon running'
      );
    default:
      return undefined;
  }
}
