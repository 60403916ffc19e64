/** The errno names that IPVS and generic netlink answer with, as far as somebody may want to match them. */
export type KernelErrorCode =
  | 'EPERM'
  | 'ENOENT'
  | 'ESRCH'
  | 'EEXIST'
  | 'EINVAL'
  | 'ERANGE'
  | 'ENODEV'
  | 'EBUSY'
  | 'ENOMEM'
  | 'ENOBUFS'
  | 'EAFNOSUPPORT'
  | 'EOPNOTSUPP'
  | 'EPROTONOSUPPORT'
  | 'EACCES'
  | 'EINTR'
  | 'EMSGSIZE'
  | 'EADDRNOTAVAIL'
  /** The kernel did not answer in time. */
  | 'ETIMEDOUT'
  /** The family `IPVS` is not there: the module ip_vs is not loaded and could not be. */
  | 'NOIPVS'
  /** Any other errno; `errno` has its number. */
  | 'EOTHER';

const NAMES: ReadonlyMap<number, KernelErrorCode> = new Map([
  [1, 'EPERM'],
  [2, 'ENOENT'],
  [3, 'ESRCH'],
  [4, 'EINTR'],
  [12, 'ENOMEM'],
  [13, 'EACCES'],
  [16, 'EBUSY'],
  [17, 'EEXIST'],
  [19, 'ENODEV'],
  [22, 'EINVAL'],
  [34, 'ERANGE'],
  [90, 'EMSGSIZE'],
  [93, 'EPROTONOSUPPORT'],
  [95, 'EOPNOTSUPP'],
  [97, 'EAFNOSUPPORT'],
  [99, 'EADDRNOTAVAIL'],
  [105, 'ENOBUFS'],
  [110, 'ETIMEDOUT'],
]);

/** The code of an errno of Linux. */
export function kernelErrorCode(errno: number): KernelErrorCode {
  return NAMES.get(errno) ?? 'EOTHER';
}

/** The kernel refused something. Match `code`; the message is for people. */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  readonly code: KernelErrorCode;
  /** The number that the kernel gave; 0 for NOIPVS. */
  readonly errno: number;
  /** What was asked, in a person's words: `add real server 192.168.0.1:80 to TCP 10.0.0.1:80`. */
  readonly operation: string;

  constructor(fields: { code: KernelErrorCode; errno: number; operation: string; detail: string }) {
    super(`${fields.operation}: ${fields.detail}`);
    this.code = fields.code;
    this.errno = fields.errno;
    this.operation = fields.operation;
  }
}

/** Whether it was the answer that was lost: what was asked may have been done. */
export function isUncertain({ code }: KernelError): boolean {
  return code === 'ENOBUFS' || code === 'ETIMEDOUT' || code === 'EMSGSIZE';
}
