import type { KernelService, RealServerKey, ServiceKey } from '../../model/index.js';

/**
 * Services as people look for them: addresses before firewall marks, IPv4 before IPv6, IPv4 by number (10.0.0.2 before
 * 10.0.0.10), then port and protocol. Keys are made once for each service, because a table may have 10,000.
 */
export function inOrder<Service extends KernelService>(services: Iterable<Service>): readonly Service[] {
  const ranked = Array.from(services, (service) => ({ service, ...rankOf(service.key) }));
  ranked.sort((a, b) => a.group - b.group || a.number - b.number || compareText(a.text, b.text));
  return ranked.map(({ service }) => service);
}

interface Rank {
  readonly group: number;
  readonly number: number;
  readonly text: string;
}

function rankOf(key: ServiceKey): Rank {
  if (key.firewallMark !== undefined) return { group: 2, number: key.firewallMark, text: key.family };
  if (key.address.includes(':')) {
    return { group: 1, number: 0, text: `${key.address} ${String(key.port).padStart(5, '0')} ${key.protocol}` };
  }
  return { group: 0, number: ipv4Number(key.address) * 65536 + key.port, text: key.protocol };
}

function ipv4Number(address: string): number {
  let number = 0;
  let octet = 0;
  for (let i = 0; i < address.length; i++) {
    const digit = address.charCodeAt(i) - 48;
    if (digit >= 0) octet = octet * 10 + digit;
    else {
      number = number * 256 + octet;
      octet = 0;
    }
  }
  return number * 256 + octet;
}

/**
 * The same for the real servers of a service; shorter addresses come first, which is by number as long as they share a
 * network. Most services have theirs in order already.
 */
export function inServerOrder<Server extends RealServerKey>(servers: readonly Server[]): readonly Server[] {
  const isInOrder = servers.every((server, i) => i === 0 || compareServers(servers[i - 1] ?? server, server) < 0);
  return isInOrder ? servers : servers.toSorted(compareServers);
}

function compareServers(a: RealServerKey, b: RealServerKey): number {
  return a.address.length - b.address.length || compareText(a.address, b.address) || a.port - b.port;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
