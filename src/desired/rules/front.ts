import type { VirtualServiceSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import { DEFAULT_PROTOCOL, DEFAULT_SCHEDULER } from '../schema/limits.js';
import { RULE } from '../schema/rule-texts.js';
import { quote } from '../texts.js';
import { findDuplicates } from './duplicates.js';

/** The rules of a virtual service's own side: what it listens on, and how it schedules. */
export function findFrontContradictions(spec: VirtualServiceSpec): readonly Fault[] {
  return [
    ...findIdentityFaults(spec),
    ...findPortFaults(spec),
    ...findSchedulerFaults(spec),
    ...findDuplicates(spec.addresses, ['spec', 'addresses'], (address) => address),
    ...findDuplicates(spec.ports, ['spec', 'ports'], (port) => `${port.protocol ?? DEFAULT_PROTOCOL} ${port.port}`),
    ...findDuplicates(spec.schedulerFlags, ['spec', 'schedulerFlags'], (flag) => flag),
    ...findDuplicates(
      spec.firewallMark?.addressFamilies,
      ['spec', 'firewallMark', 'addressFamilies'],
      (family) => family,
    ),
  ];
}

function findIdentityFaults(spec: VirtualServiceSpec): readonly Fault[] {
  const { addresses, ports, firewallMark } = spec;
  const isByAddress = addresses !== undefined || ports !== undefined;
  if (firewallMark !== undefined) {
    return isByAddress
      ? [{ path: ['spec', 'firewallMark'], reason: 'Inconsistent', message: `${RULE.addressesOrMark}, not both` }]
      : [];
  }
  if (addresses !== undefined && ports !== undefined) return [];
  const absent = addresses === undefined ? (isByAddress ? 'addresses' : 'addresses and ports') : 'ports';
  const path = isByAddress ? ['spec', absent] : ['spec'];
  return [{ path, reason: 'Missing', message: `missing ${absent}: ${RULE.addressesOrMark}` }];
}

function findPortFaults({ ports = [], persistence, onePacketScheduling }: VirtualServiceSpec): readonly Fault[] {
  const faults: Fault[] = [];
  const everyPort = ports.findIndex(({ port }) => port === 0);
  if (everyPort >= 0 && persistence === undefined) {
    const path = ['spec', 'ports', everyPort, 'port'];
    faults.push({ path, reason: 'Inconsistent', message: RULE.portZeroNeedsPersistence });
  }
  const connected = onePacketScheduling === true ? ports.find(({ protocol }) => protocol !== 'UDP') : undefined;
  if (connected !== undefined) {
    const message = `${RULE.onePacketScheduling}, and port ${connected.port} is ${connected.protocol ?? DEFAULT_PROTOCOL}`;
    faults.push({ path: ['spec', 'onePacketScheduling'], reason: 'Inconsistent', message });
  }
  return faults;
}

function findSchedulerFaults(spec: VirtualServiceSpec): readonly Fault[] {
  const { scheduler = DEFAULT_SCHEDULER, schedulerFlags = [] } = spec;
  return schedulerFlags.flatMap((flag, i): readonly Fault[] => {
    if (flag.startsWith(`${scheduler}-`)) return [];
    const message = `${RULE.schedulerFlags}; the scheduler here is ${quote(scheduler)}`;
    return [{ path: ['spec', 'schedulerFlags', i], reason: 'Inconsistent', message }];
  });
}
