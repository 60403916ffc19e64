import { addressBytes, addressFamily } from '../model/index.js';
import type { Traits } from './traits.js';

/** Whether the kernel takes this address for a new real server: `inet_addr_type` and `ipv6_addr_type` decide. */
export function takesServerAddress(traits: Traits, address: string): boolean {
  return addressFamily(address) === 'IPv4'
    ? traits.loopbackUp && isUnicastIPv4(address)
    : isUnicastIPv6(address) || traits.localAddresses.has(address);
}

function isUnicastIPv4(address: string): boolean {
  // The broadcast address of lo's 127.0.0.0/8 is the only one that a fresh network namespace knows.
  return (
    address !== '0.0.0.0' && address !== '255.255.255.255' && address !== '127.255.255.255' && !isMulticast(address)
  );
}

function isUnicastIPv6(address: string): boolean {
  const isLinkLocal = /^fe[89ab][0-9a-f]:/.test(address);
  const isMapped = address.startsWith('::ffff:') && address.includes('.');
  return address !== '::' && !isMulticast(address) && !isLinkLocal && !isMapped;
}

export function isMulticast(address: string): boolean {
  const first = addressBytes(address)[0] ?? 0;
  return addressFamily(address) === 'IPv4' ? first >= 224 && first <= 239 : first === 0xff;
}
