import { addressFamily, canonicalAddress } from './address.js';
import type { AddressFamily } from './address.js';

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** What makes one entry of the kernel's table: an address with a port, or a firewall mark of one family. */
export type ServiceKey = AddressServiceKey | FirewallMarkServiceKey;

export interface AddressServiceKey {
  readonly protocol: Protocol;
  /** Canonical text; its family is the service's. */
  readonly address: string;
  /** 0..65535; 0 is every port, and needs persistence. */
  readonly port: number;
  readonly firewallMark?: undefined;
}

export interface FirewallMarkServiceKey {
  /** 1..4294967295. */
  readonly firewallMark: number;
  /** One mark has two services: one for each family. */
  readonly family: AddressFamily;
}

/**
 * The canonical text of a key, equal for equal keys, in the words of `ipvsadm -Ln`: `TCP 10.0.0.1:80`,
 * `UDP [2001:db8::1]:53`, `FWM 7`, `FWM 7 IPv6`.
 */
export function serviceKeyText(key: ServiceKey): string {
  if (key.firewallMark !== undefined) {
    return key.family === 'IPv6' ? `FWM ${key.firewallMark} IPv6` : `FWM ${key.firewallMark}`;
  }
  return key.address.includes(':')
    ? `${key.protocol} [${key.address}]:${key.port}`
    : `${key.protocol} ${key.address}:${key.port}`;
}

/** The reverse of {@link serviceKeyText}; `undefined` for any other text. */
export function parseServiceKeyText(text: string): ServiceKey | undefined {
  const mark = /^FWM ([1-9][0-9]{0,9})( IPv6)?$/.exec(text);
  if (mark) {
    const firewallMark = Number(mark[1]);
    if (firewallMark > 0xffffffff) return undefined;
    return { firewallMark, family: mark[2] === undefined ? 'IPv4' : 'IPv6' };
  }
  const match = /^(TCP|UDP|SCTP) (?:\[([0-9a-f:.]+)\]|([0-9.]+)):(0|[1-9][0-9]{0,4})$/.exec(text);
  if (!match) return undefined;
  const [, protocol, ipv6, ipv4, portText] = match;
  const address = ipv6 ?? ipv4 ?? '';
  const port = Number(portText);
  if (canonicalAddress(address) !== address || port > 65535) return undefined;
  if ((ipv6 === undefined) !== (addressFamily(address) === 'IPv4')) return undefined;
  return { protocol: protocol as Protocol, address, port };
}

export function serviceFamily(key: ServiceKey): AddressFamily {
  return key.firewallMark === undefined ? addressFamily(key.address) : key.family;
}

/** Firewall marks; both ends belong to them. */
export interface MarkRange {
  readonly first: number;
  readonly last: number;
}

/** Reads `7`, or a range such as `1000-1999`, from 1 to 4294967295; `undefined` for any other text. */
export function parseMarkRange(text: string): MarkRange | undefined {
  if (!/^[1-9][0-9]{0,9}(-[1-9][0-9]{0,9})?$/.test(text)) return undefined;
  const [first = 0, last = first] = text.split('-').map(Number);
  return last > 0xffffffff || first > last ? undefined : { first, last };
}

/** A total order for output: addresses before marks, then IPv4 before IPv6, then address, port and protocol. */
export function compareServiceKeys(a: ServiceKey, b: ServiceKey): number {
  if (a.firewallMark !== undefined || b.firewallMark !== undefined) {
    if (a.firewallMark === undefined) return -1;
    if (b.firewallMark === undefined) return 1;
    return a.firewallMark - b.firewallMark || compareText(a.family, b.family);
  }
  return (
    compareText(addressFamily(a.address), addressFamily(b.address)) ||
    compareText(a.address, b.address) ||
    a.port - b.port ||
    compareText(a.protocol, b.protocol)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How the inventory names a sync daemon, beside the service keys. */
export function syncDaemonKeyText(role: string): string {
  return `sync-daemon ${role}`;
}
