import { addressFamily } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import type { Fault } from '../../faults.js';
import {
  CHECK_TYPES,
  CHECK_TYPES_WITHOUT_VIRTUAL_ADDRESS,
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_TIMEOUT_SECONDS,
  settingsField,
} from '../../schema/limits.js';
import { RULE } from '../../schema/rule-texts.js';
import { findExecFaults } from './exec.js';
import { findHttpFaults } from './http.js';
import { findUdpFaults } from './udp.js';

/** The rules of one check; paths begin at the check. */
export function findCheckFaults(check: DeclaredCheck): readonly Fault[] {
  return [
    ...findCommonFaults(check),
    ...within('http', check.http && findHttpFaults(check.http)),
    ...within('exec', check.exec && findExecFaults(check.exec)),
    ...within('udp', check.udp && findUdpFaults(check.udp)),
  ];
}

/** The rules of fields that every check has. */
function findCommonFaults(check: DeclaredCheck): readonly Fault[] {
  const { intervalSeconds = DEFAULT_INTERVAL_SECONDS, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = check;
  const faults: Fault[] = [];
  for (const type of CHECK_TYPES) {
    const field = settingsField(type);
    if (check[field] === undefined || check.type === type) continue;
    faults.push({ path: [field], reason: 'Inconsistent', message: RULE.settingsOf(type) });
  }
  if (check.type === 'Exec' && check.exec === undefined) {
    faults.push({ path: ['exec'], reason: 'Missing', message: RULE.programMissing });
  }
  if (check.type === 'Ping' && check.port !== undefined) {
    faults.push({ path: ['port'], reason: 'Inconsistent', message: RULE.pingHasNoPort });
  }
  if (check.target === 'VirtualAddress') {
    if (CHECK_TYPES_WITHOUT_VIRTUAL_ADDRESS.includes(check.type)) {
      faults.push({ path: ['target'], reason: 'Inconsistent', message: RULE.virtualAddressTypes });
    }
    if (check.firewallMark !== undefined) {
      faults.push({ path: ['firewallMark'], reason: 'Inconsistent', message: RULE.virtualAddressMark });
    }
  }
  if (timeoutSeconds > intervalSeconds) {
    const message = `${RULE.timeoutWithinInterval}, ${intervalSeconds} s`;
    faults.push({ path: ['timeoutSeconds'], reason: 'Inconsistent', message });
  }
  const { address, sourceAddress } = check;
  const isAcross =
    address !== undefined && sourceAddress !== undefined && addressFamily(address) !== addressFamily(sourceAddress);
  if (isAcross) faults.push({ path: ['sourceAddress'], reason: 'Inconsistent', message: RULE.sourceFamily });
  return faults;
}

function within(field: string, faults: readonly Fault[] = []): readonly Fault[] {
  return faults.map((fault) => ({ ...fault, path: [field, ...fault.path] }));
}
