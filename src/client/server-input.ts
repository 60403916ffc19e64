import { addressFamily, CHECKSUM_KINDS, FORWARDING_METHODS, IPIP, serviceFamily } from '../model/index.js';
import type { ForwardingMethod, RealServer, RealServerKey, ServiceKey, Tunnel } from '../model/index.js';
import { InputChecks } from './input-checks.js';

/** What tells the real servers of one service apart (`IPVS_DEST_ATTR_ADDR`, `_PORT`). */
export interface ServerKeyInput {
  /** An IPv4 or IPv6 address, in any text. One of the other family than the service's needs a tunnel. */
  readonly address: string;
  /** The service's own port; 0 where that is a firewall mark. 0..65535. */
  readonly port?: number;
}

/** A new real server: what tells it apart, and its settings. */
export type ServerInput = ServerKeyInput & ServerSettingsInput;

/** What can be edited. The comments give the values of a new server for what is absent. */
export interface ServerSettingsInput {
  /** Masquerade; Tunnel where a tunnel is given (`IPVS_DEST_ATTR_FWD_METHOD`). */
  readonly forwarding?: ForwardingMethod;
  /** IPIP where the method is Tunnel (`IPVS_DEST_ATTR_TUN_TYPE`, `_TUN_PORT`, `_TUN_FLAGS`). */
  readonly tunnel?: Tunnel;
  /** 1; 0..2147483647. 0 takes no new connections and keeps those that are (`IPVS_DEST_ATTR_WEIGHT`). */
  readonly weight?: number;
  /** 0, which is no limit. Connections at which new ones stop, up to 4294967295 (`IPVS_DEST_ATTR_U_THRESH`). */
  readonly upperThreshold?: number;
  /** 0, three quarters of the upper one. Connections below which they start again (`IPVS_DEST_ATTR_L_THRESH`). */
  readonly lowerThreshold?: number;
}

const KEY_FIELDS = ['address', 'port'];
const SETTINGS_FIELDS = ['forwarding', 'tunnel', 'weight', 'upperThreshold', 'lowerThreshold'];

/** A real server as operations take it. Throws InvalidInputError. */
export function serverFromInput(service: ServiceKey, input: ServerInput): RealServer {
  const checks = new InputChecks();
  checks.fields('', input, [...KEY_FIELDS, ...SETTINGS_FIELDS]);
  const start: RealServer = {
    ...checkServerKey(checks, service, input),
    forwarding: input.tunnel === undefined ? 'Masquerade' : 'Tunnel',
    tunnel: null,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
  };
  const server = checkSettings(checks, service, start, input);
  checks.finish('real server');
  return server;
}

/** Throws InvalidInputError. */
export function serverKeyFromInput(service: ServiceKey, input: ServerKeyInput): RealServerKey {
  const checks = new InputChecks();
  const key = checkServerKey(checks, service, input);
  checks.finish('real server');
  return key;
}

/** The server that an edit leaves. Throws InvalidInputError. */
export function editedServer(service: ServiceKey, current: RealServer, changes: ServerSettingsInput): RealServer {
  const checks = new InputChecks();
  checks.fields('', changes, SETTINGS_FIELDS);
  const server = checkSettings(checks, service, current, changes);
  checks.finish('real server');
  return server;
}

function checkServerKey(checks: InputChecks, service: ServiceKey, { address, port }: ServerKeyInput): RealServerKey {
  const ownPort = service.firewallMark === undefined ? service.port : 0;
  return {
    address: checks.address('address', address),
    port: port === undefined ? ownPort : checks.integer('port', port, 0, 65535),
  };
}

function checkSettings(
  checks: InputChecks,
  service: ServiceKey,
  current: RealServer,
  input: ServerSettingsInput,
): RealServer {
  const forwarding = checks.oneOf('forwarding', input.forwarding ?? current.forwarding, FORWARDING_METHODS);
  const server: RealServer = {
    address: current.address,
    port: current.port,
    forwarding,
    tunnel: checkTunnel(checks, forwarding, current.tunnel, input.tunnel),
    weight: checks.integer('weight', input.weight ?? current.weight, 0, 0x7fffffff),
    upperThreshold: checks.integer('upperThreshold', input.upperThreshold ?? current.upperThreshold, 0, 0xffffffff),
    lowerThreshold: checks.integer('lowerThreshold', input.lowerThreshold ?? current.lowerThreshold, 0, 0xffffffff),
  };
  if (!checks.isClean) return server;
  if (server.lowerThreshold > server.upperThreshold) {
    checks.report('lowerThreshold', 'Inconsistent', 'expected no more than upperThreshold');
  }
  if (addressFamily(server.address) !== serviceFamily(service) && forwarding !== 'Tunnel') {
    checks.report('forwarding', 'Inconsistent', `a server outside of ${serviceFamily(service)} needs a tunnel`);
  }
  return server;
}

function checkTunnel(
  checks: InputChecks,
  forwarding: ForwardingMethod,
  current: Tunnel | null,
  tunnel: Tunnel | undefined,
): Tunnel | null {
  if (forwarding !== 'Tunnel') {
    if (tunnel !== undefined) checks.report('tunnel', 'Inconsistent', 'needs the forwarding method Tunnel');
    return null;
  }
  if (tunnel === undefined) return current ?? IPIP;
  switch (tunnel.type) {
    case 'IPIP':
      return IPIP;
    case 'GUE':
      return {
        type: 'GUE',
        port: checks.integer('tunnel.port', tunnel.port, 1, 65535),
        checksum: checks.oneOf('tunnel.checksum', tunnel.checksum, CHECKSUM_KINDS),
      };
    case 'GRE':
      return { type: 'GRE', checksum: checks.oneOf('tunnel.checksum', tunnel.checksum, ['None', 'Standard']) };
    default:
      checks.oneOf('tunnel.type', (tunnel as { readonly type: unknown }).type, ['IPIP', 'GUE', 'GRE']);
      return IPIP;
  }
}
