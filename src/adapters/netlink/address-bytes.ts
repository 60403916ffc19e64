import { isIPv6 } from 'node:net';
import { addressBytes, formatAddress } from '../../model/index.js';

/** The family as records have it. */
export type FamilyNumber = 4 | 6;

/**
 * Writes an address into zeroed bytes. `undefined` where the text is no address. The check for IPv4 is the parsing
 * itself: a table has 100,000 of them.
 */
export function writeAddress(text: string, bytes: Uint8Array, offset: number): FamilyNumber | undefined {
  if (writeIPv4(text, bytes, offset)) return 4;
  if (!isIPv6(text) || text.includes('%')) return undefined;
  bytes.set(addressBytes(text), offset);
  return 6;
}

function writeIPv4(text: string, bytes: Uint8Array, offset: number): boolean {
  let part = 0;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9 && value !== 0 && value <= 25) {
      value = value < 0 ? digit : value * 10 + digit;
    } else if (digit === -2 && value >= 0 && value <= 255 && part < 3) {
      bytes[offset + part++] = value;
      value = -1;
    } else {
      return false;
    }
  }
  if (part !== 3 || value < 0 || value > 255) return false;
  bytes[offset + 3] = value;
  return true;
}

const MAXIMUM_TEXTS = 65536;

/** Addresses as text. The same ones come again and again in a table: their text is made once, and shared. */
export class AddressTexts {
  readonly #ipv4 = new Map<number, string>();
  readonly #ipv6 = new Map<string, string>();

  read(family: number, bytes: Uint8Array, offset: number): string {
    return family === 6 ? this.#readIPv6(bytes, offset) : this.#readIPv4(bytes, offset);
  }

  #readIPv4(bytes: Uint8Array, offset: number): string {
    const at = (i: number): number => bytes[offset + i] ?? 0;
    const number = (at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3);
    let text = this.#ipv4.get(number);
    if (text === undefined) {
      text = formatAddress(bytes, offset, 4);
      if (this.#ipv4.size >= MAXIMUM_TEXTS) this.#ipv4.clear();
      this.#ipv4.set(number, text);
    }
    return text;
  }

  #readIPv6(bytes: Uint8Array, offset: number): string {
    const key = String.fromCharCode(...bytes.subarray(offset, offset + 16));
    let text = this.#ipv6.get(key);
    if (text === undefined) {
      text = formatAddress(bytes, offset, 16);
      if (this.#ipv6.size >= MAXIMUM_TEXTS) this.#ipv6.clear();
      this.#ipv6.set(key, text);
    }
    return text;
  }
}
