import type { DeclaredCheck } from '../../declared.js';
import type { Fault } from '../../faults.js';
import { PROGRAM_PATTERN } from '../../schema/limits.js';
import { RULE } from '../../schema/rule-texts.js';
import { findDuplicates } from '../duplicates.js';

const PROGRAM = new RegExp(PROGRAM_PATTERN);

export function findExecFaults({ command, environment }: NonNullable<DeclaredCheck['exec']>): readonly Fault[] {
  const [program = ''] = command;
  const faults = findDuplicates(environment, ['environment'], ({ name }) => name);
  if (PROGRAM.test(program)) return faults;
  return [...faults, { path: ['command', 0], reason: 'InvalidValue', message: RULE.program }];
}
