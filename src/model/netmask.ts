import type { AddressFamily } from './address.js';

/**
 * The persistence netmask is text as `ipvsadm -M` takes it: a dotted mask for IPv4 (the kernel accepts masks with
 * holes), a prefix length for IPv6.
 */
export const FULL_NETMASK: Readonly<Record<AddressFamily, string>> = { IPv4: '255.255.255.255', IPv6: '128' };

/** The netmask of a prefix length: 0..32, or 1..128 for IPv6. */
export function netmaskFromPrefix(family: AddressFamily, length: number): string {
  if (family === 'IPv6') return String(length);
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return [mask >>> 24, (mask >>> 16) & 0xff, (mask >>> 8) & 0xff, mask & 0xff].join('.');
}

/** The prefix length of a netmask; `undefined` for an IPv4 mask with holes. */
export function prefixFromNetmask(family: AddressFamily, netmask: string): number | undefined {
  if (family === 'IPv6') return Number(netmask);
  for (let length = 0; length <= 32; length++) if (netmaskFromPrefix('IPv4', length) === netmask) return length;
  return undefined;
}
