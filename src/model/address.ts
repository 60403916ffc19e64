import { isIPv4, isIPv6 } from 'node:net';

export type AddressFamily = 'IPv4' | 'IPv6';

/** The family of an address in canonical text. */
export function addressFamily(address: string): AddressFamily {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/**
 * The canonical text of an address: dotted quads for IPv4, RFC 5952 for IPv6 (lower case, the longest run of zeros
 * shortened, IPv4-mapped addresses with a dotted tail). `undefined` where the text is no address, or has a zone.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (!isIPv6(text) || text.includes('%')) return undefined;
  return formatAddress(addressBytes(text));
}

export function isCanonicalAddress(text: string): boolean {
  return canonicalAddress(text) === text;
}

/** The 4 or 16 bytes of a valid address, in network order. */
export function addressBytes(address: string): Uint8Array {
  return addressFamily(address) === 'IPv4' ? ipv4Bytes(address) : ipv6Bytes(address);
}

function ipv4Bytes(address: string): Uint8Array {
  const bytes = new Uint8Array(4);
  let at = 0;
  for (let i = 0; i < address.length; i++) {
    const digit = address.charCodeAt(i) - 48;
    if (digit < 0) at++;
    else bytes[at] = (bytes[at] ?? 0) * 10 + digit;
  }
  return bytes;
}

function ipv6Bytes(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const [head = '', tail] = address.split('::');
  bytes.set(groupBytes(head), 0);
  if (tail !== undefined) {
    const end = groupBytes(tail);
    bytes.set(end, 16 - end.length);
  }
  return bytes;
}

function groupBytes(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return [...ipv4Bytes(group)];
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The canonical text of 4 or 16 bytes in network order, starting at `offset`. */
export function formatAddress(bytes: Uint8Array, offset = 0, length = bytes.length - offset): string {
  const at = (i: number): number => bytes[offset + i] ?? 0;
  if (length === 4) return `${at(0)}.${at(1)}.${at(2)}.${at(3)}`;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((at(i) << 8) | at(i + 1));
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${at(12)}.${at(13)}.${at(14)}.${at(15)}`;
  }
  const { start, end } = longestZeroRun(groups);
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (end - start < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(end))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; end: number } {
  let best = { start: 0, end: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.end - best.start) best = { start, end: i };
    start = i + 1;
  }
  return best;
}

/** A range of addresses: those whose first `length` bits are the same as `address`. */
export interface AddressPrefix {
  readonly address: string;
  readonly length: number;
}

/**
 * Parses `10.0.0.0/16`. `undefined` where the text is no prefix in canonical form, or where bits behind the prefix are
 * set (`10.0.0.1/16`), which is nearly always a slip.
 */
export function parsePrefix(text: string): AddressPrefix | undefined {
  const match = /^([0-9a-f.:]+)\/(0|[1-9][0-9]{0,2})$/.exec(text);
  const address = match?.[1];
  if (address === undefined || !isCanonicalAddress(address)) return undefined;
  const length = Number(match?.[2]);
  const bytes = addressBytes(address);
  if (length > bytes.length * 8) return undefined;
  for (let bit = length; bit < bytes.length * 8; bit++) {
    if (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) return undefined;
  }
  return { address, length };
}

/** Whether a canonical address lies in the prefix. Never true across families. */
export function prefixContains(prefix: AddressPrefix, address: string): boolean {
  if (addressFamily(prefix.address) !== addressFamily(address)) return false;
  const want = addressBytes(prefix.address);
  const have = addressBytes(address);
  const whole = prefix.length >> 3;
  for (let i = 0; i < whole; i++) if (want[i] !== have[i]) return false;
  const rest = 8 - (prefix.length & 7);
  return rest === 8 || (want[whole] ?? 0) >> rest === (have[whole] ?? 0) >> rest;
}
