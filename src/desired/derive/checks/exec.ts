import type { ExecCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';

export function execOf({ command, environment = [] }: NonNullable<DeclaredCheck['exec']>): ExecCheck {
  return { type: 'Exec', command, environment };
}
