import { PROTOCOLS } from '../model/index.js';
import type { AddressFamily, Protocol, ServiceKey } from '../model/index.js';
import { InputChecks } from './input-checks.js';

/**
 * What tells a service apart (`IPVS_SVC_ATTR_PROTOCOL`, `_ADDR`, `_PORT`; or `_FWMARK`, `_AF`). Every `ServiceKey` that
 * was read is one.
 */
export type ServiceKeyInput = AddressKeyInput | FirewallMarkKeyInput;

interface AddressKeyInput {
  /** An IPv4 or IPv6 address, in any text. */
  readonly address: string;
  /** 0..65535; 0 is every port, and needs persistence. */
  readonly port: number;
  /** TCP */
  readonly protocol?: Protocol;
  readonly firewallMark?: undefined;
}

interface FirewallMarkKeyInput {
  /** 1..4294967295. The kernel would take 0 for TCP 0.0.0.0:0. */
  readonly firewallMark: number;
  /** IPv4 */
  readonly family?: AddressFamily;
}

export const SERVICE_KEY_FIELDS = ['address', 'port', 'protocol', 'firewallMark', 'family'];

const MARK_FIELDS = ['firewallMark', 'family'] as const;
const ADDRESS_FIELDS = ['address', 'port', 'protocol'] as const;

/** Throws InvalidInputError. */
export function serviceKeyFromInput(input: ServiceKeyInput): ServiceKey {
  const checks = new InputChecks();
  checks.fields('', input, SERVICE_KEY_FIELDS);
  const key = checkServiceKey(checks, input);
  checks.finish('service');
  return key;
}

export function checkServiceKey(checks: InputChecks, input: ServiceKeyInput): ServiceKey {
  const fields: Readonly<Partial<Record<string, unknown>>> = { ...input };
  const isMark = input.firewallMark !== undefined;
  for (const field of isMark ? ADDRESS_FIELDS : MARK_FIELDS) {
    if (fields[field] === undefined) continue;
    checks.report(field, 'Inconsistent', 'a service has an address and a port, or a firewall mark and a family');
  }
  return isMark
    ? {
        firewallMark: checks.integer('firewallMark', input.firewallMark, 1, 0xffffffff),
        family: checks.oneOf('family', input.family ?? 'IPv4', ['IPv4', 'IPv6']),
      }
    : {
        protocol: checks.oneOf('protocol', input.protocol ?? 'TCP', PROTOCOLS),
        address: checks.address('address', input.address),
        port: checks.integer('port', input.port, 0, 65535),
      };
}
