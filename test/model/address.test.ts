import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressBytes,
  addressFamily,
  canonicalAddress,
  formatAddress,
  isCanonicalAddress,
  parsePrefix,
  prefixContains,
} from '../../src/model/index.js';

const ipv6Address = fc.oneof(
  fc.ipV6(),
  fc
    .array(fc.constantFrom(0, 0, 0, 1, 0xff, 0xffff), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.map((group) => group.toString(16)).join(':')),
);
const address = fc.oneof(fc.ipV4(), ipv6Address);

describe('The canonical text', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::0:1', '::1'],
    ['1::0', '1::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:a00:1', '::ffff:10.0.0.1'],
    ['::FFFF:10.0.0.1', '::ffff:10.0.0.1'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
    expect(isCanonicalAddress(text)).toBe(text === canonical);
  });

  test.each([
    '',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    'fe80::1%eth0',
    ' ::1',
  ])('is none for %j', (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
    expect(isCanonicalAddress(text)).toBe(false);
  });

  test('is its own canonical text, and the same for the same bytes', () => {
    fc.assert(
      fc.property(address, (text) => {
        const canonical = canonicalAddress(text) ?? '';
        expect(canonicalAddress(canonical)).toBe(canonical);
        expect(addressBytes(canonical)).toEqual(addressBytes(text));
        expect(formatAddress(addressBytes(text))).toBe(canonical);
      }),
    );
  });

  test('is what the address bar of a browser has', () => {
    fc.assert(
      fc.property(ipv6Address, (text) => {
        fc.pre(!(canonicalAddress(text) ?? '').includes('.'));
        expect(`[${canonicalAddress(text) ?? ''}]`).toBe(new URL(`http://[${text}]/`).hostname);
      }),
    );
  });

  test('is read from the middle of other bytes', () => {
    const bytes = Uint8Array.of(9, 10, 0, 0, 1, 9);
    expect(formatAddress(bytes, 1, 4)).toBe('10.0.0.1');
  });
});

test.each([
  ['10.0.0.1', 'IPv4'],
  ['::1', 'IPv6'],
  ['::ffff:10.0.0.1', 'IPv6'],
])('The family of %s is %s', (text, family) => {
  expect(addressFamily(text)).toBe(family);
});

describe('A prefix', () => {
  test.each([
    ['10.0.0.0/16', '10.0.0.0', 16],
    ['0.0.0.0/0', '0.0.0.0', 0],
    ['10.0.0.1/32', '10.0.0.1', 32],
    ['2001:db8::/32', '2001:db8::', 32],
    ['::/0', '::', 0],
    ['::1/128', '::1', 128],
  ])('%s is parsed', (text, start, length) => {
    expect(parsePrefix(text)).toEqual({ address: start, length });
  });

  test.each([
    '10.0.0.0',
    '10.0.0.1/16',
    '10.0.0.0/33',
    '10.0.0.0/016',
    '::/129',
    '2001:DB8::/32',
    'a/8',
    '/8',
    '10.0.0.0/-1',
  ])('%s is none', (text) => {
    expect(parsePrefix(text)).toBeUndefined();
  });

  test.each([
    ['10.0.0.0/16', '10.0.255.255', true],
    ['10.0.0.0/16', '10.1.0.0', false],
    ['10.0.0.0/9', '10.127.0.1', true],
    ['10.0.0.0/9', '10.128.0.1', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::', false],
    ['::/0', '0.0.0.0', false],
    ['10.0.0.1/32', '10.0.0.1', true],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
  ])('%s and %s: %s', (text, candidate, contains) => {
    const prefix = parsePrefix(text);
    expect(prefix && prefixContains(prefix, candidate)).toBe(contains);
  });
});
