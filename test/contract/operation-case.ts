import type { KernelErrorCode } from '../../src/errors/index.js';
import type { Operation, OperationKind } from '../../src/model/index.js';
import type { Snapshot } from './snapshot.js';

/** One operation on a known state, and what comes of it. */
export interface OperationCase {
  /** Goes on after the operation's kind: `AddService` "answers EEXIST where ...". */
  readonly name: string;
  readonly given?: readonly Operation[];
  readonly operation: Operation;
  readonly outcome: Outcome;
  /** What a success leaves, on top of the empty state. A failure leaves everything as it was. */
  readonly leaves?: Partial<Snapshot>;
}

export type Outcome = 'Done' | KernelErrorCode;

/** Every outcome that an operation of this kind is documented to have, all of which must have a case. */
export const DOCUMENTED_OUTCOMES: Readonly<Record<OperationKind, readonly Outcome[]>> = {
  AddService: ['Done', 'EEXIST', 'ENOENT', 'EINVAL'],
  EditService: ['Done', 'ESRCH', 'ENOENT', 'EINVAL'],
  DeleteService: ['Done', 'ESRCH', 'EINVAL'],
  AddServer: ['Done', 'ESRCH', 'EEXIST', 'ERANGE', 'EINVAL'],
  EditServer: ['Done', 'ESRCH', 'ENOENT', 'ERANGE', 'EINVAL'],
  DeleteServer: ['Done', 'ESRCH', 'ENOENT', 'EINVAL'],
  ZeroStatistics: ['Done', 'ESRCH', 'EINVAL'],
  Flush: ['Done'],
  SetTimeouts: ['Done', 'EINVAL'],
  StartDaemon: ['Done', 'EEXIST', 'ENODEV', 'EINVAL'],
  StopDaemon: ['Done', 'ESRCH'],
  SetSysctl: ['Done', 'ENOENT', 'EINVAL'],
};
