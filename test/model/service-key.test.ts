import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalAddress,
  compareServiceKeys,
  parseServiceKeyText,
  PROTOCOLS,
  serviceFamily,
  serviceKeyText,
} from '../../src/model/index.js';
import type { ServiceKey } from '../../src/model/index.js';

const key: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc.record({
    protocol: fc.constantFrom(...PROTOCOLS),
    address: fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => canonicalAddress(text) ?? ''),
    port: fc.integer({ min: 0, max: 65535 }),
  }),
  fc.record({
    firewallMark: fc.integer({ min: 1, max: 0xffffffff }),
    family: fc.constantFrom('IPv4', 'IPv6'),
  }),
);

describe('The text of a key', () => {
  test.each<readonly [string, ServiceKey]>([
    ['TCP 10.0.0.1:80', { protocol: 'TCP', address: '10.0.0.1', port: 80 }],
    ['UDP [2001:db8::1]:53', { protocol: 'UDP', address: '2001:db8::1', port: 53 }],
    ['SCTP 10.0.0.1:0', { protocol: 'SCTP', address: '10.0.0.1', port: 0 }],
    ['FWM 7', { firewallMark: 7, family: 'IPv4' }],
    ['FWM 4294967295 IPv6', { firewallMark: 0xffffffff, family: 'IPv6' }],
  ])('is %s', (text, of) => {
    expect(serviceKeyText(of)).toBe(text);
    expect(parseServiceKeyText(text)).toEqual(of);
  });

  test('is read back as the same key', () => {
    fc.assert(
      fc.property(key, (of) => {
        expect(parseServiceKeyText(serviceKeyText(of))).toEqual(of);
      }),
    );
  });

  test.each([
    '',
    'TCP 10.0.0.1',
    'tcp 10.0.0.1:80',
    'ICMP 10.0.0.1:80',
    'TCP 10.0.0.1:080',
    'TCP 10.0.0.1:65536',
    'TCP 10.0.0.256:80',
    'TCP 2001:db8::1:80',
    'TCP [10.0.0.1]:80',
    'TCP [2001:DB8::1]:80',
    'FWM 0',
    'FWM 07',
    'FWM 4294967296',
    'FWM 7 IPv4',
  ])('is not %j', (text) => {
    expect(parseServiceKeyText(text)).toBeUndefined();
  });
});

test('The family of a key is that of its address, or its own', () => {
  expect(serviceFamily({ protocol: 'TCP', address: '10.0.0.1', port: 80 })).toBe('IPv4');
  expect(serviceFamily({ protocol: 'TCP', address: '::1', port: 80 })).toBe('IPv6');
  expect(serviceFamily({ firewallMark: 7, family: 'IPv6' })).toBe('IPv6');
});

describe('The order of keys', () => {
  test('has addresses before marks, IPv4 before IPv6, then address, port and protocol', () => {
    const texts = [
      'TCP 10.0.0.1:80',
      'UDP 10.0.0.1:80',
      'TCP 10.0.0.1:443',
      'TCP 10.0.0.2:80',
      'TCP [::1]:80',
      'FWM 2',
      'FWM 2 IPv6',
      'FWM 10',
    ];
    const keys = texts.map((text) => parseServiceKeyText(text)).filter((of) => of !== undefined);
    expect(keys.reverse().sort(compareServiceKeys).map(serviceKeyText)).toEqual(texts);
  });

  test('takes no two different keys for equal', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(compareServiceKeys(a, b) === 0).toBe(serviceKeyText(a) === serviceKeyText(b));
        expect(Math.sign(compareServiceKeys(a, b)) + Math.sign(compareServiceKeys(b, a))).toBe(0);
      }),
    );
  });
});
