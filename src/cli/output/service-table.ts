import { realServerKeyText, serviceKeyText } from '../../model/index.js';
import type { ForwardingMethod, ObservedRealServer, ObservedService, ServiceKey } from '../../model/index.js';
import { serverFlags, serviceFlags } from './flag-words.js';
import type { HealthColumns, HealthText } from './health-columns.js';
import { connectionsOf, numberColumns } from './number-columns.js';
import type { NumberColumns } from './number-columns.js';
import { inServerOrder } from './order.js';

/** The declared object that owns a service, as `shop/web`; `undefined` where this program did not make it. */
export type OwnerOf = (service: ObservedService) => string | undefined;

export interface ServiceTable {
  readonly header: string;
  /** The lines of one service and its real servers, each with its line break. */
  readonly lines: (service: ObservedService) => string;
}

export interface TableOptions {
  readonly wide: boolean;
  /** Absent where no controller runs. */
  readonly health?: HealthColumns;
}

/**
 * Lays out a table for these services: a line for each, and below it one for each real server, in the same columns.
 * Numbers have fixed widths, so the whole table is walked once only for its addresses, and can be written in pieces.
 */
export function layOutServiceTable(
  services: readonly ObservedService[],
  ownerOf: OwnerOf,
  { wide, health }: TableOptions,
): ServiceTable {
  const widths = measure(services, ownerOf, health?.widest ?? 0);
  const numbers = numberColumns(wide);
  const line = (
    first: string,
    address: string,
    way: string,
    weight: string,
    numberText: string,
    rest: string,
  ): string =>
    trimmed(
      `${first}${address.padEnd(widths.address)}  ${way.padEnd(widths.way)}  ${weight.padEnd(widths.weight)}  ` +
        `${numberText}${rest}`,
    );
  const blank = health?.blank ?? '';
  const serverLine = serverLines(widths, numbers, blank);
  const groupOf = remembering((servers: readonly ObservedRealServer[]) => ({
    connections: connectionsOf(servers),
    text: inServerOrder(servers)
      .map((server) => serverLine(server, undefined))
      .join(''),
  }));
  return {
    header: line(
      ...(['PROT  ', 'ADDRESS:PORT', 'SCHED', 'WEIGHT'] as const),
      numbers.header + (health?.header ?? ''),
      `${'NAME'.padEnd(widths.owner)}  FLAGS`,
    ),
    lines: (service) => {
      const { key, settings, servers } = service;
      const known = health?.ofService(serviceKeyText(key));
      const group = known === undefined ? groupOf(servers) : undefined;
      const counted = {
        statistics: service.statistics,
        connections: group?.connections ?? connectionsOf(servers),
      };
      let text = line(
        protocolText(key),
        keyText(key),
        settings.scheduler || 'none',
        '-',
        (numbers.areZero(counted) ? numbers.zeros : numbers.text(counted)) + (known?.columns ?? blank),
        `${(ownerOf(service) ?? '-').padEnd(widths.owner)}  ${joined(serviceFlags(service), known?.note)}`,
      );
      if (group !== undefined) return text + group.text;
      for (const server of inServerOrder(servers)) text += serverLine(server, known?.ofServer(server));
      for (const { server, columns, note } of known?.absent ?? []) {
        text += line('  ->  ', server, '-', '-', numbers.zeros + columns, `${' '.repeat(widths.owner)}  ${note}`);
      }
      return text;
    },
  };
}

/** More than these are not remembered. */
const MAXIMUM_LISTS = 4096;

/** What a function makes of lists, many of which are the same one: services that have the same idle servers share it. */
function remembering<List extends object, Result>(make: (list: List) => Result): (list: List) => Result {
  const results = new Map<List, Result>();
  return (list) => {
    let result = results.get(list);
    if (result === undefined) {
      result = make(list);
      if (results.size >= MAXIMUM_LISTS) results.clear();
      results.set(list, result);
    }
    return result;
  };
}

/**
 * Makes the lines of real servers. A table has up to 100,000 of them, most of them idle: what stands behind the address
 * is the same text for all idle servers of one method and weight, and made once.
 */
function serverLines(
  widths: Widths,
  numbers: NumberColumns,
  blank: string,
): (server: ObservedRealServer, health: HealthText | undefined) => string {
  const blanks = Array.from({ length: widths.address + 1 }, (_, length) => ' '.repeat(length));
  const idleEndings = new Map<string, string[]>();
  const beginning = ({ forwarding, weight }: ObservedRealServer): string =>
    `  ${FORWARDING_WORDS[forwarding].padEnd(widths.way)}  ${String(weight).padEnd(widths.weight)}  `;

  const idleEnding = (server: ObservedRealServer): string => {
    let endings = idleEndings.get(server.forwarding);
    if (endings === undefined) idleEndings.set(server.forwarding, (endings = []));
    return (endings[server.weight] ??= trimmed(beginning(server) + numbers.zeros));
  };

  return (server, health) => {
    const endpoint = realServerKeyText(server);
    const start = `  ->  ${endpoint}${blanks[widths.address - endpoint.length] ?? ''}`;
    const flags = serverFlags(server);
    const isIdle = numbers.areZero(server);
    const isShared = isIdle && flags === '' && server.weight < MAXIMUM_SHARED_WEIGHT;
    if (isShared && health === undefined) return start + idleEnding(server);
    const numberText = isIdle ? numbers.zeros : numbers.text(server);
    const rest = `${health?.columns ?? blank}${' '.repeat(widths.owner)}  ${joined(flags, health?.note)}`;
    return start + trimmed(`${beginning(server)}${numberText}${rest}`);
  };
}

/** Servers of larger weights are few, or each has its own. */
const MAXIMUM_SHARED_WEIGHT = 1024;

function joined(flags: string, note = ''): string {
  return flags === '' || note === '' ? flags + note : `${flags}; ${note}`;
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

/** @param least how long an address is at least */
function measure(services: readonly ObservedService[], ownerOf: OwnerOf, least: number): Widths {
  let address = Math.max('ADDRESS:PORT'.length, least);
  let way = 'Tunnel'.length;
  let owner = 'NAME'.length;
  let heaviest = 0;
  const lists = new Set<readonly ObservedRealServer[]>();
  for (const service of services) {
    address = Math.max(address, keyText(service.key).length);
    way = Math.max(way, service.settings.scheduler.length);
    owner = Math.max(owner, ownerOf(service)?.length ?? 0);
    if (lists.has(service.servers)) continue;
    lists.add(service.servers);
    for (const server of service.servers) {
      const length = server.address.length + digits(server.port) + (server.address.includes(':') ? 3 : 1);
      if (length > address) address = length;
      if (server.weight > heaviest) heaviest = server.weight;
    }
  }
  return { address, way, weight: Math.max('WEIGHT'.length, digits(heaviest)), owner };
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
  if (key.firewallMark === undefined) return realServerKeyText(key);
  return key.family === 'IPv6' ? `${key.firewallMark} IPv6` : String(key.firewallMark);
}
