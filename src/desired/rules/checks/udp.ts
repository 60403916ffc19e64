import type { DeclaredCheck } from '../../declared.js';
import type { Fault } from '../../faults.js';
import { RULE } from '../../schema/rule-texts.js';

export function findUdpFaults({
  send,
  sendHex,
  expect,
  expectHex,
}: NonNullable<DeclaredCheck['udp']>): readonly Fault[] {
  const faults: Fault[] = [];
  if (send !== undefined && sendHex !== undefined)
    faults.push({ path: ['sendHex'], reason: 'Inconsistent', message: RULE.textOrHex });
  if (expect !== undefined && expectHex !== undefined)
    faults.push({ path: ['expectHex'], reason: 'Inconsistent', message: RULE.textOrHex });
  return faults;
}
