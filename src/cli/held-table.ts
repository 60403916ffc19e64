import type { LockHolder } from '../adapters/ownership/index.js';
import { UserError } from '../errors/index.js';

/** Another process writes to the table of this network namespace. */
export function heldError(holder: LockHolder | null): UserError {
  const who =
    holder === null
      ? 'another process that does not say who it is'
      : `ipvs-operator ${holder.command} (pid ${holder.pid}, since ${holder.since})`;
  return new UserError(`the table is owned by ${who}`, {
    hint:
      holder?.command === 'run'
        ? 'change the files that it reads, or stop it first'
        : 'one process writes to a network namespace at a time: wait until it has ended',
  });
}
