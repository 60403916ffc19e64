import type { DeclaredCheck } from '../../declared.js';
import type { Fault } from '../../faults.js';
import { RULE } from '../../schema/rule-texts.js';
import { findDuplicates } from '../duplicates.js';

const BODY_FIELDS = ['expectBody', 'expectBodyPattern', 'expectDigest'] as const;

export function findHttpFaults(http: NonNullable<DeclaredCheck['http']>): readonly Fault[] {
  const { method, expectBodyPattern, headers } = http;
  const faults: Fault[] = [];
  for (const field of BODY_FIELDS) {
    if (method !== 'HEAD' || http[field] === undefined) continue;
    faults.push({ path: [field], reason: 'Inconsistent', message: RULE.headHasNoBody });
  }
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
