import { addressFamily, prefixFromNetmask, schedulerFlagNames } from '../../model/index.js';
import type { Persistence, RealServer } from '../../model/index.js';
import { API_VERSION, DEFAULT_PROTOCOL } from '../schema/limits.js';
import type { GroupPort, ServiceGroup } from './groups.js';

/** One group of kernel services as a VirtualService, in the style of the examples. */
export function renderVirtualService(group: ServiceGroup): string {
  const { listeners, settings, servers, isPortShared, family } = group;
  const lines = ['---', `apiVersion: ${API_VERSION}`, 'kind: VirtualService', 'metadata:', `  name: ${nameOf(group)}`];
  lines.push('spec:');
  if (listeners !== undefined) {
    lines.push(`  addresses: [${listeners.addresses.map(addressText).join(', ')}]`, '  ports:');
    for (const port of listeners.ports) lines.push(`    - { ${portText(port, isPortShared)} }`);
  }
  if (group.firewallMark !== undefined) {
    lines.push(`  firewallMark: { value: ${group.firewallMark}, addressFamilies: [${family}] }`);
  }
  lines.push(`  scheduler: ${scalarText(settings.scheduler)}`);
  const flags = schedulerFlagNames(settings.scheduler, settings.schedulerFlags);
  if (flags.length > 0) lines.push(`  schedulerFlags: [${flags.join(', ')}]`);
  if (settings.onePacketScheduling) lines.push('  onePacketScheduling: true');
  if (settings.persistence !== null) lines.push(...persistenceLines(settings.persistence, family));
  const common = commonForwarding(servers);
  if (common !== '') lines.push(`  forwarding: ${common}`);
  if (servers.length > 0) lines.push('  realServers:');
  for (const server of servers) lines.push(`    - { ${serverText(server, group, common)} }`);
  return `${lines.join('\n')}\n`;
}

/** Made of what is unique about the first kernel service, so that the same table gives the same names. */
function nameOf({ listeners, firewallMark, family }: ServiceGroup): string {
  const [address] = listeners?.addresses ?? [];
  const [port] = listeners?.ports ?? [];
  if (address === undefined || port === undefined) {
    return `fwm-${String(firewallMark)}${family === 'IPv6' ? '-ipv6' : ''}`;
  }
  return `${port.protocol.toLowerCase()}-${address.replaceAll(':', '-')}-${port.port}`;
}

function addressText(address: string): string {
  return addressFamily(address) === 'IPv6' ? `"${address}"` : address;
}

/** A word as it is, or quoted where some version of YAML takes it for something else than text. */
export function scalarText(word: string): string {
  const isPlain = /^[a-z][a-z0-9_-]*$/.test(word) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(word);
  return isPlain ? word : JSON.stringify(word);
}

function portText({ protocol, port, targetPort }: GroupPort, isPortShared: boolean): string {
  const parts = [`port: ${port}`];
  if (protocol !== DEFAULT_PROTOCOL) parts.push(`protocol: ${protocol}`);
  if (isPortShared && targetPort !== port) parts.push(`targetPort: ${targetPort}`);
  return parts.join(', ');
}

function persistenceLines(persistence: Persistence, family: ServiceGroup['family']): readonly string[] {
  const { timeoutSeconds, netmask, engine } = persistence;
  const length = prefixFromNetmask(family, netmask);
  const lines = ['  persistence:', `    timeoutSeconds: ${timeoutSeconds}`];
  if (length !== (family === 'IPv4' ? 32 : 128)) {
    lines.push(`    ${family === 'IPv4' ? 'ipv4PrefixLength' : 'ipv6PrefixLength'}: ${String(length)}`);
  }
  if (engine !== '') lines.push(`    engine: ${scalarText(engine)}`);
  return lines;
}

/** How all servers are reached, where that is one way and not the default; else empty. */
function commonForwarding(servers: readonly RealServer[]): string {
  const [first] = servers;
  if (first === undefined) return '';
  const text = forwardingText(first);
  return servers.every((server) => forwardingText(server) === text) ? text : '';
}

function forwardingText({ forwarding, tunnel }: RealServer): string {
  if (forwarding === 'Masquerade') return '';
  if (tunnel === null || tunnel.type === 'IPIP') return `{ method: ${forwarding} }`;
  const settings =
    tunnel.type === 'GUE'
      ? `gue: { port: ${tunnel.port}, checksum: ${tunnel.checksum} }`
      : `gre: { checksum: ${tunnel.checksum} }`;
  return `{ method: ${forwarding}, tunnel: { type: ${tunnel.type}, ${settings} } }`;
}

function serverText(server: RealServer, { family, isPortShared, listeners }: ServiceGroup, common: string): string {
  const parts = [`address: ${addressText(server.address)}`];
  const isPortSaid = listeners === undefined ? server.port !== 0 : !isPortShared;
  if (isPortSaid) parts.push(`port: ${server.port}`);
  parts.push(`weight: ${server.weight}`);
  if (addressFamily(server.address) !== family) parts.push('crossFamily: true');
  const forwarding = forwardingText(server);
  if (common === '' && forwarding !== '') parts.push(`forwarding: ${forwarding}`);
  const { upperThreshold: upper, lowerThreshold: lower } = server;
  if (upper > 0) parts.push(`connectionThresholds: { upper: ${upper}${lower > 0 ? `, lower: ${lower}` : ''} }`);
  return parts.join(', ');
}
