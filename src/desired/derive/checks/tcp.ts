import type { TcpCheck } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';

export function tcpOf({ send = '', expect = '' }: NonNullable<DeclaredCheck['tcp']>): TcpCheck {
  return { type: 'TCP', send, expect };
}
