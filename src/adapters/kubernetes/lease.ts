import type { ApiClient } from './client.js';

/** A Lease of coordination.k8s.io/v1, as far as an election needs it. */
export interface Lease {
  /** Of the object: an update of another version is refused. */
  readonly resourceVersion: string | undefined;
  readonly spec: LeaseSpec;
}

export interface LeaseSpec {
  /** Empty or absent where nobody holds it. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

export const LEASE_API_VERSION = 'coordination.k8s.io/v1';

export function leasesPath(namespace: string): string {
  return `/apis/${LEASE_API_VERSION}/namespaces/${namespace}/leases`;
}

export function leasePath({ namespace, name }: LeaseName): string {
  return `${leasesPath(namespace)}/${name}`;
}

export interface LeaseCall {
  readonly client: ApiClient;
  readonly lease: LeaseName;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal;
}

/** All three reject as the client does; 404 where there is none, 409 where somebody was quicker. */
export async function getLease({ client, lease, ...options }: LeaseCall): Promise<Lease> {
  const { body } = await client.request({ method: 'GET', path: leasePath(lease), ...options });
  return readLease(body);
}

export async function createLease({ client, lease, ...options }: LeaseCall, spec: LeaseSpec): Promise<Lease> {
  const body = leaseObject(lease, undefined, spec);
  const answer = await client.request({ method: 'POST', path: leasesPath(lease.namespace), body, ...options });
  return readLease(answer.body);
}

/** @param before the lease as it was read: where it is another one now, nothing is written */
export async function updateLease(
  { client, lease, ...options }: LeaseCall,
  before: Lease,
  spec: LeaseSpec,
): Promise<Lease> {
  const body = leaseObject(lease, before.resourceVersion, spec);
  const answer = await client.request({ method: 'PUT', path: leasePath(lease), body, ...options });
  return readLease(answer.body);
}

/** Kubernetes' MicroTime. */
export function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}

function leaseObject({ namespace, name }: LeaseName, resourceVersion: string | undefined, spec: LeaseSpec): object {
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  return { apiVersion: LEASE_API_VERSION, kind: 'Lease', metadata: { namespace, name, ...version }, spec };
}

/** Fields that are absent are so in the object too. */
export function readLease(body: unknown): Lease {
  const { metadata, spec } = (body ?? {}) as { metadata?: { resourceVersion?: string }; spec?: LeaseSpec };
  return { resourceVersion: metadata?.resourceVersion, spec: spec ?? {} };
}
