import { FULL_NETMASK, schedulerFlagNames, serviceFamily } from '../../model/index.js';
import type { ForwardingMethod, ObservedRealServer, ObservedService, ServiceKey, Tunnel } from '../../model/index.js';
import {
  COMMON_HEADER,
  commonNumbers,
  connectionsOf,
  IDLE,
  isIdleNow,
  isIdleThroughout,
  WIDE_HEADER,
  wideNumbers,
} from './number-columns.js';
import { compareServers } from './order.js';

/** The declared object that owns a service, as `shop/web`; `undefined` where this program did not make it. */
export type OwnerOf = (service: ObservedService) => string | undefined;

export interface ServiceTable {
  readonly header: string;
  /** The lines of one service and its real servers, each with its line break. */
  readonly lines: (service: ObservedService) => string;
}

/**
 * Lays out a table for these services: a line for each, and below it one for each real server, in the same columns.
 * Numbers have fixed widths, so the whole table is walked once only for its addresses, and can be written in pieces.
 */
export function layOutServiceTable(
  services: readonly ObservedService[],
  ownerOf: OwnerOf,
  wide: boolean,
): ServiceTable {
  const widths = measure(services, ownerOf);
  const addressOf = (text: string): string => text.padEnd(widths.address);
  const ways = Object.fromEntries(
    Object.entries(FORWARDING_WORDS).map(([method, word]) => [method, `${word.padEnd(widths.way)}  `]),
  ) as Record<ForwardingMethod, string>;
  const numbers = wide ? wideNumbers : commonNumbers;

  const idleNumbers = numbers(IDLE);
  const idleTail = trimmed(idleNumbers);
  const isIdle = wide ? isIdleThroughout : isIdleNow;
  const weights = Array.from({ length: 256 }, (_, weight) => `${String(weight).padEnd(widths.weight)}  `);
  const weightOf = (weight: number): string => weights[weight] ?? `${String(weight).padEnd(widths.weight)}  `;

  // A table has up to 100,000 of these lines, and most servers of such a table are idle: they share their line's tail.
  const serverLine = (server: ObservedRealServer): string => {
    const head = `  ->  ${addressOf(endpointText(server.address, server.port))}  ${ways[server.forwarding]}${weightOf(server.weight)}`;
    const flags = serverFlags(server, widths.owner);
    if (!isIdle(server)) return head + trimmed(numbers(server) + flags);
    return head + (flags === '' ? idleTail : `${idleNumbers}${flags}\n`);
  };

  return {
    header: trimmed(
      `PROT  ${addressOf('ADDRESS:PORT')}  ${'SCHED'.padEnd(widths.way)}  ${'WEIGHT'.padEnd(widths.weight)}  ` +
        `${wide ? WIDE_HEADER : COMMON_HEADER}${'NAME'.padEnd(widths.owner)}  FLAGS`,
    ),
    lines: (service) => {
      const { key, settings } = service;
      let text = trimmed(
        `${protocolText(key)}${addressOf(keyText(key))}  ${(settings.scheduler || 'none').padEnd(widths.way)}  ` +
          `${'-'.padEnd(widths.weight)}  ${numbers({ ...service, connections: connectionsOf(service) })}` +
          `${(ownerOf(service) ?? '-').padEnd(widths.owner)}  ${serviceFlags(service)}`,
      );
      for (const server of service.servers.toSorted(compareServers)) text += serverLine(server);
      return text;
    },
  };
}

function trimmed(line: string): string {
  return `${line.trimEnd()}\n`;
}

interface Widths {
  readonly address: number;
  /** Of the scheduler, and of the forwarding method below it. */
  readonly way: number;
  readonly weight: number;
  readonly owner: number;
}

function measure(services: readonly ObservedService[], ownerOf: OwnerOf): Widths {
  const widths = {
    address: 'ADDRESS:PORT'.length,
    way: 'Bypass'.length,
    weight: 'WEIGHT'.length,
    owner: 'NAME'.length,
  };
  let heaviest = 0;
  for (const service of services) {
    widths.address = Math.max(widths.address, keyText(service.key).length);
    widths.way = Math.max(widths.way, service.settings.scheduler.length);
    widths.owner = Math.max(widths.owner, ownerOf(service)?.length ?? 0);
    for (const { address, port, weight } of service.servers) {
      const length = address.length + digits(port) + (address.includes(':') ? 3 : 1);
      if (length > widths.address) widths.address = length;
      if (weight > heaviest) heaviest = weight;
    }
  }
  widths.weight = Math.max(widths.weight, digits(heaviest));
  return widths;
}

function digits(number: number): number {
  return number < 10 ? 1 : number < 100 ? 2 : number < 1000 ? 3 : number < 10_000 ? 4 : String(number).length;
}

const FORWARDING_WORDS: Readonly<Record<ForwardingMethod, string>> = {
  Masquerade: 'Masq',
  DirectRouting: 'Route',
  Tunnel: 'Tunnel',
  Local: 'Local',
  Bypass: 'Bypass',
};

function protocolText(key: ServiceKey): string {
  return (key.firewallMark === undefined ? key.protocol : 'FWM').padEnd(6);
}

function keyText(key: ServiceKey): string {
  if (key.firewallMark === undefined) return endpointText(key.address, key.port);
  return key.family === 'IPv6' ? `${key.firewallMark} IPv6` : String(key.firewallMark);
}

function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function serviceFlags({ key, settings }: ObservedService): string {
  const flags: string[] = [];
  const { persistence } = settings;
  if (persistence !== null) {
    flags.push(`persistent ${persistence.timeoutSeconds}`);
    if (persistence.netmask !== FULL_NETMASK[serviceFamily(key)]) flags.push(`mask ${persistence.netmask}`);
    if (persistence.engine !== '') flags.push(`pe ${persistence.engine}`);
  }
  if (settings.onePacketScheduling) flags.push('ops');
  if (settings.schedulerFlags !== 0) {
    flags.push(`(${schedulerFlagNames(settings.scheduler, settings.schedulerFlags).join(',')})`);
  }
  return flags.join(' ');
}

/** Empty for most servers; else it begins with the blanks of the owner's column, which servers leave empty. */
function serverFlags(server: ObservedRealServer, ownerWidth: number): string {
  if (server.upperThreshold === 0 && (server.tunnel === null || server.tunnel.type === 'IPIP')) return '';
  const flags = server.tunnel === null ? [] : tunnelWords(server.tunnel);
  if (server.upperThreshold !== 0) {
    flags.push(
      server.lowerThreshold === 0
        ? `threshold ${server.upperThreshold}`
        : `thresholds ${server.upperThreshold}/${server.lowerThreshold}`,
    );
  }
  return ' '.repeat(ownerWidth + 2) + flags.join(' ');
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
