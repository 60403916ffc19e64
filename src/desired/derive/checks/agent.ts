import type { AgentCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';

export function agentOf({ send = '' }: NonNullable<DeclaredCheck['agent']>): AgentCheck {
  return { type: 'Agent', send };
}
