import { FULL_NETMASK, schedulerFlagNames, serviceFamily } from '../../model/index.js';
import type { KernelService, RealServer, Tunnel } from '../../model/index.js';

/** The last column of `get`: what most services and servers do not have, in the words of `ipvsadm -Ln` and its options. */
export function serviceFlags({ key, settings }: KernelService): string {
  const flags: string[] = [];
  const { persistence } = settings;
  if (persistence !== null) {
    flags.push(`persistent ${persistence.timeoutSeconds}`);
    if (persistence.netmask !== FULL_NETMASK[serviceFamily(key)]) flags.push(`mask ${persistence.netmask}`);
    if (persistence.engine !== '') flags.push(`pe ${persistence.engine}`);
  }
  if (settings.strayEngine !== undefined) flags.push(`pe ${settings.strayEngine}`);
  if (settings.onePacketScheduling) flags.push('ops');
  if (settings.schedulerFlags !== 0) {
    flags.push(`(${schedulerFlagNames(settings.scheduler, settings.schedulerFlags).join(',')})`);
  }
  return flags.join(' ');
}

/** Empty for most servers, and quickly so. */
export function serverFlags({ tunnel, upperThreshold, lowerThreshold }: RealServer): string {
  if (upperThreshold === 0 && (tunnel === null || tunnel.type === 'IPIP')) return '';
  const flags = tunnel === null ? [] : tunnelWords(tunnel);
  if (upperThreshold !== 0) {
    flags.push(lowerThreshold === 0 ? `threshold ${upperThreshold}` : `thresholds ${upperThreshold}/${lowerThreshold}`);
  }
  return flags.join(' ');
}

function tunnelWords(tunnel: Tunnel): string[] {
  switch (tunnel.type) {
    case 'IPIP':
      return [];
    case 'GUE':
      return ['gue', `port ${tunnel.port}`, ...CHECKSUM_WORDS[tunnel.checksum]];
    case 'GRE':
      return ['gre', ...CHECKSUM_WORDS[tunnel.checksum]];
  }
}

const CHECKSUM_WORDS = { None: [], Standard: ['csum'], Remote: ['remcsum'] } as const;
