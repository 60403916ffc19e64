import { constants } from 'node:os';

import { KernelError } from '../errors/index.js';
import type { KernelErrorCode } from '../errors/index.js';
import type { Operation, OperationKind } from '../model/index.js';

/** Which operations are meant: those of a kind, or those that pass a test. */
export type OperationMatch = OperationKind | ((operation: Operation) => boolean);

/** In the midst of the next read of the table, or right before an operation. */
export type Moment = 'Read' | OperationMatch;

interface Planned<T> {
  readonly moment: Moment;
  readonly thing: T;
}

/** Things that happen once, at the first moment that fits, in the order in which they were planned. */
export class Schedule<T> {
  readonly #planned: Planned<T>[] = [];

  plan(moment: Moment, thing: T): void {
    this.#planned.push({ moment, thing });
  }

  /** Takes the first one for this moment. */
  take(now: 'Read' | Operation): T | undefined {
    if (this.#planned.length === 0) return undefined;
    const i = this.#planned.findIndex(({ moment }) => fits(moment, now));
    return i === -1 ? undefined : this.#planned.splice(i, 1)[0]?.thing;
  }
}

function fits(moment: Moment, now: 'Read' | Operation): boolean {
  if (now === 'Read' || moment === 'Read') return now === moment;
  return typeof moment === 'function' ? moment(now) : moment === now.kind;
}

/** The error that the kernel would answer with; `EOTHER` stands for EIO. */
export function makeKernelError(code: KernelErrorCode, operation: string): KernelError {
  return new KernelError({ code, errno: errnoOf(code), operation, detail: `the fake kernel answers ${code}` });
}

function errnoOf(code: KernelErrorCode): number {
  switch (code) {
    case 'NOIPVS':
      return 0;
    case 'EOTHER':
      return constants.errno.EIO;
    default:
      return constants.errno[code];
  }
}
