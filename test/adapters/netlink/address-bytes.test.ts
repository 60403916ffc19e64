import fc from 'fast-check';
import { isIPv4 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { AddressParser, AddressTexts } from '../../../src/adapters/netlink/address-bytes.js';
import { canonicalAddress } from '../../../src/model/index.js';

function roundTrip(text: string): string | undefined {
  const words = new Uint32Array(6);
  const family = new AddressParser().write(text, words, 1);
  return family === 0 ? undefined : new AddressTexts().read(family, words, 1);
}

describe('An address', () => {
  test('comes back in canonical text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(roundTrip(text)).toBe(canonicalAddress(text));
      }),
    );
  });

  test('of version 4 is taken exactly where Node takes it', () => {
    const nearly = fc
      .array(fc.constantFrom('0', '1', '25', '255', '256', '00', '.', '.', ' ', 'a', '-'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), nearly), (text) => {
        expect(new AddressParser().write(text, new Uint32Array(4), 0) === 4).toBe(isIPv4(text));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['', '10.0.0', '10.0.0.1.2', '10.0.0.256', '010.0.0.1', '1e1.0.0.1', 'fe80::1%eth0', 'web', '10.0.0.1 '])(
    'is not %j',
    (text) => {
      expect(roundTrip(text)).toBeUndefined();
    },
  );
});

test('An address that comes again is the same bytes, and the same text', () => {
  const parser = new AddressParser();
  const texts = new AddressTexts();
  for (const text of ['10.0.0.1', 'fd00::1', '10.0.0.1', 'fd00::1']) {
    const words = new Uint32Array(4);
    const family = parser.write(text, words, 0);
    expect(texts.read(family, words, 0)).toBe(text);
  }
});
