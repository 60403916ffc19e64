import { isIPv6 } from 'node:net';
import { addressBytes, formatAddress } from '../../model/index.js';

/** The same addresses come again and again in a table. More than these are not remembered. */
const MAXIMUM_REMEMBERED = 65536;

/** Addresses as bytes. */
export class AddressParser {
  readonly #ipv4 = new Map<string, number>();
  readonly #bytes = new Uint8Array(4);
  readonly #word = new Uint32Array(this.#bytes.buffer);

  /**
   * Writes an address into zeroed words, the four bytes of IPv4 or the sixteen of IPv6 in network order. Gives the family
   * as records have it, 4 or 6; 0 where the text is no address.
   */
  write(text: string, words: Uint32Array, index: number): number {
    const known = this.#ipv4.get(text);
    if (known !== undefined) {
      words[index] = known;
      return 4;
    }
    if (parseIPv4(text, this.#bytes)) {
      const word = this.#word[0] ?? 0;
      if (this.#ipv4.size >= MAXIMUM_REMEMBERED) this.#ipv4.clear();
      this.#ipv4.set(text, word);
      words[index] = word;
      return 4;
    }
    if (!isIPv6(text) || text.includes('%')) return 0;
    new Uint8Array(words.buffer).set(addressBytes(text), index * 4);
    return 6;
  }
}

/** False where the text is no IPv4 address: checking is parsing, and a table has 100,000 of them. */
function parseIPv4(text: string, bytes: Uint8Array): boolean {
  let part = 0;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9 && value !== 0 && value <= 25) {
      value = value < 0 ? digit : value * 10 + digit;
    } else if (digit === -2 && value >= 0 && value <= 255 && part < 3) {
      bytes[part++] = value;
      value = -1;
    } else {
      return false;
    }
  }
  bytes[3] = value;
  return part === 3 && value >= 0 && value <= 255;
}

/** Addresses as text: each text is made once, and shared. */
export class AddressTexts {
  readonly #ipv4 = new Map<number, string>();
  readonly #ipv6 = new Map<string, string>();

  /** Reads what {@link AddressParser.write} writes. */
  read(family: number, words: Uint32Array, index: number): string {
    return family === 6 ? this.#readIPv6(words, index) : this.#readIPv4(words, index);
  }

  #readIPv4(words: Uint32Array, index: number): string {
    // Signed, so that every address is a small integer to V8, which finds those without making a number first.
    const word = (words[index] ?? 0) | 0;
    let text = this.#ipv4.get(word);
    if (text === undefined) {
      text = formatAddress(new Uint8Array(words.buffer), index * 4, 4);
      if (this.#ipv4.size >= MAXIMUM_REMEMBERED) this.#ipv4.clear();
      this.#ipv4.set(word, text);
    }
    return text;
  }

  #readIPv6(words: Uint32Array, index: number): string {
    const key = words.subarray(index, index + 4).join();
    let text = this.#ipv6.get(key);
    if (text === undefined) {
      text = formatAddress(new Uint8Array(words.buffer), index * 4, 16);
      if (this.#ipv6.size >= MAXIMUM_REMEMBERED) this.#ipv6.clear();
      this.#ipv6.set(key, text);
    }
    return text;
  }
}
