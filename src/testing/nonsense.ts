import {
  CHECKSUM_KINDS,
  canonicalAddress,
  FORWARDING_METHODS,
  PROTOCOLS,
  serviceFamily,
  SYNC_ROLES,
} from '../model/index.js';
import type {
  Operation,
  RealServer,
  RealServerKey,
  ServiceKey,
  ServiceSettings,
  SyncDaemon,
  Timeouts,
  Tunnel,
} from '../model/index.js';

const MAXIMUM_PORT = 0xffff;
const MAXIMUM_U32 = 0xffffffff;
const MAXIMUM_NAME_LENGTH = 15;

/**
 * Whether an operation is one that the kernel is never sent: a value fits no field, or the kernel would take it for
 * another. Such operations fail with EINVAL, whatever the table holds.
 */
export function isNonsense(operation: Operation): boolean {
  switch (operation.kind) {
    case 'AddService':
    case 'EditService':
      return !isKey(operation.key) || !isSettings(operation.key, operation.settings);
    case 'DeleteService':
      return !isKey(operation.key);
    case 'AddServer':
    case 'EditServer':
      return !isKey(operation.key) || !isServer(operation.server);
    case 'DeleteServer':
      return !isKey(operation.key) || !isServerKey(operation.server);
    case 'ZeroStatistics':
      return operation.key !== null && !isKey(operation.key);
    case 'Flush':
      return false;
    case 'SetTimeouts':
      return !isTimeouts(operation.timeouts);
    case 'StartDaemon':
      return !isDaemon(operation.daemon);
    case 'StopDaemon':
      return !SYNC_ROLES.includes(operation.role);
    case 'SetSysctl':
      return !/^[a-z0-9_]+$/.test(operation.name);
  }
}

function isKey(key: ServiceKey): boolean {
  return key.firewallMark === undefined
    ? PROTOCOLS.includes(key.protocol) && isAddress(key.address) && isInteger(key.port, 0, MAXIMUM_PORT)
    : isInteger(key.firewallMark, 1, MAXIMUM_U32);
}

function isSettings(key: ServiceKey, settings: ServiceSettings): boolean {
  const { scheduler, schedulerFlags, persistence, strayEngine } = settings;
  if (!isName(scheduler) || !isInteger(schedulerFlags, 0, 7)) return false;
  if (strayEngine !== undefined && !isName(strayEngine)) return false;
  if (persistence === null) return true;
  if (strayEngine !== undefined) return false;
  const { timeoutSeconds, netmask, engine } = persistence;
  const isNetmask =
    serviceFamily(key) === 'IPv6' ? isInteger(Number(netmask), 1, 128) : isAddress(netmask) && !netmask.includes(':');
  return isInteger(timeoutSeconds, 0, MAXIMUM_U32) && isNetmask && isName(engine);
}

function isServerKey({ address, port }: RealServerKey): boolean {
  return isAddress(address) && isInteger(port, 0, MAXIMUM_PORT);
}

function isServer(server: RealServer): boolean {
  return (
    isServerKey(server) &&
    isInteger(server.weight, -0x80000000, 0x7fffffff) &&
    isInteger(server.upperThreshold, 0, MAXIMUM_U32) &&
    isInteger(server.lowerThreshold, 0, MAXIMUM_U32) &&
    FORWARDING_METHODS.includes(server.forwarding) &&
    (server.forwarding === 'Tunnel') === (server.tunnel !== null) &&
    (server.tunnel === null || isTunnel(server.tunnel))
  );
}

function isTunnel(tunnel: Tunnel): boolean {
  switch (tunnel.type) {
    case 'IPIP':
      return true;
    case 'GUE':
      return isInteger(tunnel.port, 0, MAXIMUM_PORT) && CHECKSUM_KINDS.includes(tunnel.checksum);
    case 'GRE':
      return ['None', 'Standard'].includes(tunnel.checksum);
    default:
      return false;
  }
}

function isDaemon({ role, interface: name, syncId, multicastGroup, port, ttl, ...rest }: SyncDaemon): boolean {
  return (
    SYNC_ROLES.includes(role) &&
    isName(name) &&
    isInteger(syncId, 0, 0xff) &&
    isInteger(port ?? 0, 0, MAXIMUM_PORT) &&
    isInteger(ttl ?? 0, 0, 0xff) &&
    isInteger(rest.maximumMessageLength ?? 0, 0, 0xffff) &&
    (multicastGroup === undefined || isAddress(multicastGroup))
  );
}

function isTimeouts({ tcpSeconds, tcpFinSeconds, udpSeconds }: Timeouts): boolean {
  return [tcpSeconds, tcpFinSeconds, udpSeconds].every((seconds) => isInteger(seconds, 0, MAXIMUM_U32));
}

function isAddress(text: string): boolean {
  return canonicalAddress(text) !== undefined;
}

function isName(text: string): boolean {
  return text.length <= MAXIMUM_NAME_LENGTH && /^[\x21-\x7e]*$/.test(text);
}

function isInteger(value: number, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= minimum && value <= maximum;
}
