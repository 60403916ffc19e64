import { isIPv4, isIPv6 } from 'node:net';
import {
  addressBytes,
  addressFamily,
  canonicalAddress,
  formatAddress,
  parseMarkRange,
  parsePrefix,
} from '../model/index.js';
import { MAXIMUM_FIREWALL_MARK } from './schema/limits.js';
import { quote } from './texts.js';

/**
 * The formats of strings that a pattern cannot say. Each has a check, which the generated checker and the schema share,
 * and a text that says what is wrong with a string that fails it.
 */

/** Whether a string is an address in canonical text. IPv4 has no other text, so that the common case is one test. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || (text.includes(':') && !isMappedIPv4(text) && canonicalAddress(text) === text);
}

/** Whether an IPv6 text, or one with a prefix length, means an IPv4 address: Kubernetes takes none of these either. */
function isMappedIPv4(text: string): boolean {
  return text.startsWith('::ffff:') && text.includes('.');
}

export function describeBadAddress(text: string): string {
  const canonical = canonicalAddress(text);
  if (canonical !== undefined && isMappedIPv4(canonical)) {
    return `expected the IPv4 address itself, ${canonical.slice('::ffff:'.length)}, found ${quote(text)}`;
  }
  if (canonical !== undefined) return `expected the address in its canonical form, ${canonical}, found ${quote(text)}`;
  return `expected an IPv4 or IPv6 address, found ${quote(text)}${addressHint(text)}`;
}

function addressHint(text: string): string {
  if (text.includes('://')) return ': a URL has no place here, only the address';
  if (/^\[.*\]$/.test(text)) return ': write IPv6 addresses without brackets';
  if (text.includes('%')) return ': addresses with a zone are not supported';
  if (text.includes('/')) return ': this is one address, not a range of them';
  if (/^\[.*\]:[0-9]+$|^[0-9.]+:[0-9]+$/.test(text)) return ': the port has a field of its own';
  if (/^[0-9]+(\.[0-9]+){3}$/.test(text)) {
    return /(^|\.)0[0-9]/.test(text) ? ': a leading zero would mean octal to some programs' : ': each part is 0 to 255';
  }
  if (/^[0-9]+(\.[0-9]+){1,2}$/.test(text)) return ': an IPv4 address has four parts';
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text)) return ': names are not looked up';
  return '';
}

export function isPrefix(text: string): boolean {
  return parsePrefix(text) !== undefined && !isMappedIPv4(text);
}

export function describeBadPrefix(text: string): string {
  const slash = text.indexOf('/');
  const canonical = canonicalAddress(slash < 0 ? text : text.slice(0, slash));
  const expected = 'expected a range of addresses such as 10.0.0.0/16 or 2001:db8::/32';
  if (canonical === undefined) return `${expected}, found ${quote(text)}`;
  const bits = addressFamily(canonical) === 'IPv4' ? 32 : 128;
  if (slash < 0) return `${expected}, found ${quote(text)}; for this one address write "${canonical}/${bits}"`;
  const lengthText = text.slice(slash + 1);
  const length = Number(lengthText);
  if (!/^[0-9]{1,3}$/.test(lengthText) || length > bits) {
    return `${expected}, found ${quote(text)}: its prefix length is 0 to ${bits}`;
  }
  return `${expected}, found ${quote(text)}; did you mean "${networkAddress(canonical, length)}/${length}"?`;
}

function networkAddress(address: string, length: number): string {
  const bytes = addressBytes(address).map((byte, i) => {
    const kept = Math.min(8, Math.max(0, length - 8 * i));
    return byte & (0xff00 >> kept);
  });
  return formatAddress(bytes);
}

/** Whether a string is a firewall mark, `7`, or a range of them, `1000-1999`. */
export function isMarkRange(text: string): boolean {
  return parseMarkRange(text) !== undefined;
}

export function describeBadMarkRange(text: string): string {
  return `expected a firewall mark such as "7" or a range such as "1000-1999", from 1 to ${MAXIMUM_FIREWALL_MARK}, found ${quote(text)}`;
}

export function isMulticastAddress(text: string): boolean {
  const first = isAddress(text) ? addressBytes(text)[0] : undefined;
  if (first === undefined) return false;
  return isIPv6(text) ? first === 0xff : first >= 224 && first <= 239;
}

export function describeBadMulticastGroup(text: string): string {
  return isAddress(text)
    ? `expected a multicast address such as 224.0.0.81 or ff02::81, found ${quote(text)}`
    : describeBadAddress(text);
}
