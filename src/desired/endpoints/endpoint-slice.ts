import { addressFamily, canonicalAddress } from '../../model/index.js';
import type { AddressFamily } from '../../model/index.js';

/** What of an EndpointSlice matters. */
export interface EndpointSlice {
  readonly namespace: string;
  readonly name: string;
  readonly serviceName: string;
  readonly family: AddressFamily;
  readonly ports: readonly EndpointPort[];
  /** Those that may have connections: ready ones, and ones that end but still serve. */
  readonly endpoints: readonly Endpoint[];
}

export interface EndpointPort {
  /** Empty for the only port of a Service that gives it no name. */
  readonly name: string;
  readonly protocol: string;
  /** `null` stands for every port. */
  readonly port: number | null;
}

export interface Endpoint {
  readonly address: string;
  readonly isDraining: boolean;
}

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/**
 * Reads an EndpointSlice of discovery.k8s.io/v1 as the API server gives it. `undefined` where it belongs to no Service,
 * or has names for addresses.
 */
export function readEndpointSlice(object: unknown): EndpointSlice | undefined {
  const { metadata, addressType, ports, endpoints } = mapping(object);
  const { name, namespace, labels } = mapping(metadata);
  const serviceName = mapping(labels)[SERVICE_NAME_LABEL];
  if (typeof name !== 'string' || typeof namespace !== 'string' || typeof serviceName !== 'string') return undefined;
  if (addressType !== 'IPv4' && addressType !== 'IPv6') return undefined;
  return {
    namespace,
    name,
    serviceName,
    family: addressType,
    ports: list(ports).map(readPort),
    endpoints: list(endpoints).flatMap((endpoint) => readEndpoint(endpoint, addressType)),
  };
}

function readPort(value: unknown): EndpointPort {
  const { name, protocol, port } = mapping(value);
  return {
    name: typeof name === 'string' ? name : '',
    protocol: typeof protocol === 'string' ? protocol : 'TCP',
    port: typeof port === 'number' ? port : null,
  };
}

function readEndpoint(value: unknown, family: AddressFamily): readonly Endpoint[] {
  const { addresses, conditions } = mapping(value);
  // Several addresses of one endpoint are the same server; the first one stands for it.
  const [text] = list(addresses);
  const address = typeof text === 'string' ? canonicalAddress(text) : undefined;
  if (address === undefined || addressFamily(address) !== family) return [];
  const { ready, serving, terminating } = mapping(conditions);
  // Nobody knows whether it is ready: that counts as ready, says the API.
  if (ready !== false) return [{ address, isDraining: false }];
  return serving === true && terminating === true ? [{ address, isDraining: true }] : [];
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
