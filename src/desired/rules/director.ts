import type { DirectorSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import { MAXIMUM_FAULTS } from '../schema/limits.js';
import { describeBadSysctl } from '../sysctls.js';
import { findDuplicates } from './duplicates.js';
import { findSelectorContradictions } from './selector.js';

/** The rules between a Director's fields. */
export function findDirectorContradictions(spec: DirectorSpec): readonly Fault[] {
  const { cidrs, firewallMarks } = spec.ownership?.exclusive ?? {};
  const exclusive = ['spec', 'ownership', 'exclusive'];
  return [
    ...findDuplicates(spec.syncDaemons, ['spec', 'syncDaemons'], (daemon) => daemon.role),
    ...findDuplicates(cidrs, [...exclusive, 'cidrs'], (cidr) => cidr),
    ...findDuplicates(firewallMarks, [...exclusive, 'firewallMarks'], (marks) => marks),
    ...findDuplicates(spec.allowedServerCIDRs, ['spec', 'allowedServerCIDRs'], (cidr) => cidr),
    ...findSelectorContradictions(spec.nodeSelector, ['spec', 'nodeSelector']),
    ...(spec.allowedAddresses ?? []).flatMap((allowed, i) => [
      ...findDuplicates(allowed.cidrs, ['spec', 'allowedAddresses', i, 'cidrs'], (cidr) => cidr),
      ...findSelectorContradictions(allowed.namespaceSelector, ['spec', 'allowedAddresses', i, 'namespaceSelector']),
    ]),
    ...findSysctlsFaults(spec.sysctls ?? {}),
  ];
}

/** No more than are told: each looks at all known names for the one that was meant. */
function findSysctlsFaults(sysctls: NonNullable<DirectorSpec['sysctls']>): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(sysctls)) {
    if (faults.length > MAXIMUM_FAULTS) break;
    faults.push(...findSysctlFaults(name, value));
  }
  return faults;
}

function findSysctlFaults(name: string, value: string): readonly Fault[] {
  const bad = describeBadSysctl(name, value);
  if (bad === undefined) return [];
  const path = ['spec', 'sysctls', name];
  return bad.isUnknown
    ? [{ path, reason: 'UnknownField', message: bad.message, atKey: true }]
    : [{ path, reason: 'InvalidValue', message: bad.message }];
}
