import { addressFamily } from '../../model/index.js';
import type { DeclaredCheck, VirtualServiceSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import { DEFAULT_MARK_FAMILIES } from '../schema/limits.js';
import { RULE } from '../schema/rule-texts.js';
import { findCheckFaults } from './checks/index.js';
import { findDuplicates } from './duplicates.js';

/** The rules of checks and of the quorum. */
export function findHealthContradictions(spec: VirtualServiceSpec): readonly Fault[] {
  const { health, quorum } = spec;
  if (health === undefined && quorum === undefined) return [];
  const faults: Fault[] = [];
  if (quorum?.minimumHealthy !== undefined && quorum.minimumWeight !== undefined) {
    faults.push({ path: ['spec', 'quorum'], reason: 'Inconsistent', message: RULE.quorumMeasure });
  }
  const path = ['spec', 'health', 'checks'];
  const hasPorts = spec.ports !== undefined && spec.ports.every(({ port }) => port !== 0);
  for (const [i, check] of (health?.checks ?? []).entries()) {
    if (!hasPorts && check.port === undefined && check.type !== 'Ping') {
      faults.push({ path: [...path, i, 'port'], reason: 'Missing', message: RULE.checkNeedsPort });
    }
    if (check.target === 'VirtualAddress' && !saysVirtualAddress(spec, check)) {
      faults.push({ path: [...path, i, 'address'], reason: 'Inconsistent', message: RULE.virtualAddressOfMark });
    }
    for (const fault of findCheckFaults(check)) faults.push({ ...fault, path: [...path, i, ...fault.path] });
  }
  return [...faults, ...findDuplicates(health?.checks, path, (check) => check.name)];
}

/** Whether it is clear which virtual address is asked: the service's own, or, behind a mark, the check's. */
function saysVirtualAddress({ firewallMark }: VirtualServiceSpec, { address }: DeclaredCheck): boolean {
  if (firewallMark === undefined) return address === undefined;
  const { addressFamilies = DEFAULT_MARK_FAMILIES } = firewallMark;
  return address !== undefined && addressFamilies.length === 1 && addressFamilies[0] === addressFamily(address);
}
