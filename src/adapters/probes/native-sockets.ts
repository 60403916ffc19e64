import { getSystemErrorName } from 'node:util';
import type { Behind, Target } from '../../health/index.js';
import { addressBytes, addressFamily } from '../../model/index.js';
import { loadNativeAddon } from '../native-addon.js';

/** Whom a probe asks, and how its packets leave this host. */
export type Endpoint = Pick<Target, 'address' | 'port' | 'behind'> & {
  readonly check: Pick<Target['check'], 'sourceAddress' | 'firewallMark'>;
};

/** A socket for ICMP echo messages of one family. It does not keep the process alive. */
export interface NativeEchoSocket {
  /** An errno, 0 where it is open. Once. */
  open(isIPv6: boolean, source: Uint8Array, mark: number): number;
  /** Sends one message, the type first. Returns an errno, 0 where it was sent. */
  send(to: Uint8Array, message: Uint8Array): number;
  close(): void;
}

interface ProbeAddon {
  /** A descriptor, or an errno below zero. */
  openSocket(isStream: boolean, isIPv6: boolean, source: Uint8Array, mark: number): number;
  /** The address that packets to that one leave this host from, or an errno below zero. */
  sourceTowards(isIPv6: boolean, address: Uint8Array): Uint8Array | number;
  /** Packets are the sender's address, and behind it the message. */
  readonly EchoSocket: new (onPacket: (packet: Uint8Array) => void) => NativeEchoSocket;
}

/** As the addon takes them; no bytes: any address, 0: no mark. */
export interface Route {
  readonly isIPv6: boolean;
  readonly source: Uint8Array;
  readonly mark: number;
}

const ANY_ADDRESS = new Uint8Array();

export function routeOf({ address, check }: Endpoint): Route {
  return {
    isIPv6: addressFamily(address) === 'IPv6',
    source: check.sourceAddress === null ? ANY_ADDRESS : addressBytes(check.sourceAddress),
    mark: check.firewallMark ?? 0,
  };
}

/** That the endpoint asks one family from an address of the other; `undefined` where it does not. */
export function mismatchOf({ address, check: { sourceAddress } }: Endpoint): Error | undefined {
  if (sourceAddress === null || addressFamily(sourceAddress) === addressFamily(address)) return undefined;
  const text = `the source address ${sourceAddress} is of another family than ${address}`;
  return Object.assign(new Error(text), { code: 'EAFNOSUPPORT' });
}

/**
 * Opens a socket that is marked and bound as the endpoint says. Node cannot mark, but takes over a descriptor. Returns it,
 * or why there is none.
 */
export function openMarked(kind: 'Stream' | 'Datagram', endpoint: Endpoint): number | Error {
  const mismatch = mismatchOf(endpoint);
  if (mismatch !== undefined) return mismatch;
  const addon = loadNativeAddon() as ProbeAddon;
  const route = routeOf(endpoint);
  const source = isLeftToRoutes(endpoint) ? sourceTowards(endpoint.behind.server.address, addon) : route.source;
  if (source instanceof Error) return source;
  const descriptor = addon.openSocket(kind === 'Stream', route.isIPv6, source, route.mark);
  return descriptor >= 0 ? descriptor : socketError(-descriptor);
}

/**
 * Whether it is for this host to say where a virtual address is asked from. By itself it would take that address, where it
 * is one of its own, and the server would answer to itself.
 */
function isLeftToRoutes(endpoint: Endpoint): endpoint is Endpoint & { readonly behind: Behind } {
  const { address, behind, check } = endpoint;
  if (behind === undefined || check.sourceAddress !== null) return false;
  return addressFamily(behind.server.address) === addressFamily(address);
}

function sourceTowards(address: string, addon: ProbeAddon): Uint8Array | Error {
  const source = addon.sourceTowards(addressFamily(address) === 'IPv6', addressBytes(address));
  return typeof source === 'number' ? socketError(-source) : source;
}

export function createEchoSocket(onPacket: (packet: Uint8Array) => void): NativeEchoSocket {
  const addon = loadNativeAddon() as ProbeAddon;
  return new addon.EchoSocket(onPacket);
}

/** As Node's own errors of sockets, with a code. */
export function socketError(errno: number): Error {
  const code = getSystemErrorName(-errno);
  const text = code === 'EPERM' ? 'a firewallMark needs the capability CAP_NET_ADMIN' : `no socket: ${code}`;
  return Object.assign(new Error(text), { code });
}
