import type { DeclaredCheck } from '../../declared.js';
import type { Fault } from '../../faults.js';
import { RULE } from '../../schema/rule-texts.js';
import { findDuplicates } from '../duplicates.js';

export function findHttpFaults({ expectBodyPattern, headers }: NonNullable<DeclaredCheck['http']>): readonly Fault[] {
  const faults: Fault[] = [];
  const flaw = expectBodyPattern === undefined ? undefined : flawOfPattern(expectBodyPattern);
  if (flaw !== undefined) faults.push({ path: ['expectBodyPattern'], reason: 'InvalidValue', message: flaw });
  for (const [i, { name }] of (headers ?? []).entries()) {
    if (name.toLowerCase() === 'trailer')
      faults.push({ path: ['headers', i, 'name'], reason: 'InvalidValue', message: RULE.noTrailers });
  }
  return [...faults, ...findDuplicates(headers, ['headers'], ({ name }) => name)];
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
