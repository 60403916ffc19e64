import { FULL_NETMASK, persistenceEngine, realServerKeyText, serviceFamily } from '../../model/index.js';
import type { KernelService, RealServer, ServiceKey, Tunnel } from '../../model/index.js';

/**
 * The lines of `ipvsadm -Sn` (1.31) for one service, word for word. One difference is on purpose: firewall marks
 * above 2147483647 are unsigned, because `ipvsadm -R` refuses the negative numbers that `ipvsadm -S` prints. Like
 * ipvsadm's own, the lines know nothing of connection thresholds.
 */
export function ipvsadmLines(service: KernelService): string {
  const selector = serviceSelector(service.key);
  let lines = `-A ${selector} -s ${service.settings.scheduler || 'none'}${settingsWords(service)}\n`;
  for (const server of service.servers) lines += `-a ${selector} -r ${serverWords(server)}\n`;
  return lines;
}

function serviceSelector(key: ServiceKey): string {
  if (key.firewallMark !== undefined) return `-f ${key.firewallMark}${key.family === 'IPv6' ? ' -6' : ''}`;
  const endpoint = realServerKeyText({ address: glibcAddress(key.address), port: key.port });
  switch (key.protocol) {
    case 'TCP':
      return `-t ${endpoint}`;
    case 'UDP':
      return `-u ${endpoint}`;
    case 'SCTP':
      return `--sctp-service ${endpoint}`;
  }
}

function settingsWords({ key, settings }: KernelService): string {
  let words = '';
  const { persistence } = settings;
  if (persistence !== null) {
    words += ` -p ${persistence.timeoutSeconds}`;
    if (persistence.netmask !== FULL_NETMASK[serviceFamily(key)]) words += ` -M ${persistence.netmask}`;
  }
  const engine = persistenceEngine(settings);
  if (engine !== '') words += ` --pe ${engine}`;
  if (settings.onePacketScheduling) words += ' -o';
  if (settings.schedulerFlags !== 0) words += ` -b ${flagNames(settings.scheduler, settings.schedulerFlags).join(',')}`;
  return words;
}

/** ipvsadm leaves out the third flag of sh and mh, even where it is the only one. */
function flagNames(scheduler: string, flags: number): readonly string[] {
  const names =
    scheduler === 'sh' || scheduler === 'mh'
      ? [`${scheduler}-fallback`, `${scheduler}-port`]
      : ['flag-1', 'flag-2', 'flag-3'];
  return names.filter((_, bit) => flags & (1 << bit));
}

function serverWords(server: RealServer): string {
  const endpoint = realServerKeyText({ address: glibcAddress(server.address), port: server.port });
  return `${endpoint} ${forwardingWord(server)} -w ${server.weight}${tunnelWords(server.tunnel)}`;
}

function forwardingWord(server: RealServer): string {
  switch (server.forwarding) {
    case 'Masquerade':
      return '-m';
    case 'Tunnel':
      return '-i';
    case 'DirectRouting':
    case 'Local':
    case 'Bypass':
      return '-g';
  }
}

function tunnelWords(tunnel: Tunnel | null): string {
  if (tunnel === null) return '';
  switch (tunnel.type) {
    case 'IPIP':
      return ' --tun-type ipip';
    case 'GUE':
      return ` --tun-type gue --tun-port ${tunnel.port} ${CHECKSUM_WORDS[tunnel.checksum]}`;
    case 'GRE':
      return ` --tun-type gre ${CHECKSUM_WORDS[tunnel.checksum]}`;
  }
}

const CHECKSUM_WORDS = { None: '--tun-nocsum', Standard: '--tun-csum', Remote: '--tun-remcsum' } as const;

/**
 * An address as the C library prints it: as RFC 5952 does, but any address of six zero groups and two others
 * has a dotted tail (`::1:2` is `::0.1.0.2`).
 */
function glibcAddress(address: string): string {
  const groups = /^::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (groups === null) return address;
  const [high, low] = [Number.parseInt(groups[1] ?? '', 16), Number.parseInt(groups[2] ?? '', 16)];
  return `::${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
}
