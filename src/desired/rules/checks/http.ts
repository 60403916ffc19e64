import type { DeclaredCheck } from '../../declared.js';
import type { Fault } from '../../faults.js';
import { findDuplicates } from '../duplicates.js';

export function findHttpFaults({ expectBodyPattern, headers }: NonNullable<DeclaredCheck['http']>): readonly Fault[] {
  const faults = findDuplicates(headers, ['headers'], ({ name }) => name);
  const flaw = expectBodyPattern === undefined ? undefined : flawOfPattern(expectBodyPattern);
  return flaw === undefined
    ? faults
    : [{ path: ['expectBodyPattern'], reason: 'InvalidValue', message: flaw }, ...faults];
}

function flawOfPattern(text: string): string | undefined {
  try {
    new RegExp(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `expected a regular expression: ${error.message}`;
  }
}
