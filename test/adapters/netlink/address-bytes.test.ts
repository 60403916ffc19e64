import fc from 'fast-check';
import { isIPv4 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { AddressTexts, writeAddress } from '../../../src/adapters/netlink/address-bytes.js';
import { canonicalAddress } from '../../../src/model/index.js';

function roundTrip(text: string): string | undefined {
  const bytes = new Uint8Array(20);
  const family = writeAddress(text, bytes, 2);
  return family === undefined ? undefined : new AddressTexts().read(family, bytes, 2);
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
        expect(writeAddress(text, new Uint8Array(16), 0) === 4).toBe(isIPv4(text));
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

test('Texts of the same address are one text', () => {
  const texts = new AddressTexts();
  const bytes = Uint8Array.from([10, 0, 0, 1, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(texts.read(4, bytes, 0)).toBe('10.0.0.1');
  expect(texts.read(4, bytes, 0)).toBe('10.0.0.1');
  expect(texts.read(6, bytes, 4)).toBe('fd00::1');
  expect(texts.read(6, bytes, 4)).toBe('fd00::1');
});
