import { addressFamily, IPIP, netmaskFromPrefix, realServerKeyText } from '../../model/index.js';
import type {
  AddressFamily,
  RealServer,
  ServiceKey,
  ServiceSettings,
  Tunnel,
  WantedService,
} from '../../model/index.js';
import type {
  DeclaredForwarding,
  DeclaredRealServer,
  DeclaredVirtualService,
  FoundServer,
  VirtualServiceSpec,
} from '../declared.js';
import {
  DEFAULT_CHECKSUM,
  DEFAULT_FORWARDING,
  DEFAULT_IPV4_PREFIX_LENGTH,
  DEFAULT_IPV6_PREFIX_LENGTH,
  DEFAULT_MARK_FAMILIES,
  DEFAULT_PERSISTENCE_SECONDS,
  DEFAULT_PROTOCOL,
  DEFAULT_SCHEDULER,
  DEFAULT_WEIGHT,
} from '../schema/limits.js';
import { policyOf, weightScale } from './policy.js';
import type { Common, Forwarding, Joined, ServerMemory } from './server-memory.js';

const FAMILIES: readonly AddressFamily[] = ['IPv4', 'IPv6'];

/**
 * The kernel services of one object: every address with every port, or the mark in every family. What is equal is
 * shared between them: the settings of a family, the real servers of a port.
 */
export function expandServices(
  { object, namespace, value: { spec }, found: told }: DeclaredVirtualService,
  found: readonly FoundServer[],
  memory: ServerMemory,
): readonly WantedService[] {
  const services: WantedService[] = [];
  const common = { forwarding: forwardingOf(spec.forwarding), scale: weightScale(spec) };
  const policy = policyOf(spec, namespace);
  for (const family of FAMILIES) {
    const fronts = frontsOf(spec, family);
    if (fronts.length === 0) continue;
    const settings = settingsOf(spec, family);
    const sorry = spec.sorryServers?.filter((server) => joinedFamily(server) === family) ?? [];
    const foundMembers = found.filter(({ address }) => addressFamily(address) === family);
    for (const [i, { keys, port, targetPort }] of fronts.entries()) {
      const named = recallServers(spec.realServers, { family, common, port, targetPort }, memory);
      const { servers, added } = addNewServers(
        named,
        foundMembers.flatMap((server) => realServerFound(server, spec, common, i, port)),
      );
      const rest = restOf(
        policy,
        sorry.map((server) => realServerOf(server, common, port, targetPort)),
        told?.isOfEarlierBoot === true ? added : NOTHING_ADDED,
      );
      for (const key of keys) {
        // Most services have no more than this, and spreading nothing takes longer than all else here.
        const service = { key, settings, servers, object };
        services.push(rest === undefined ? service : { ...service, ...rest });
      }
    }
  }
  return services;
}

/** What only some services have; `undefined` where this one has none of it. */
function restOf(
  policy: ReturnType<typeof policyOf>,
  sorryServers: readonly RealServer[],
  unconfirmed: ReadonlySet<string>,
): Pick<WantedService, 'policy' | 'unconfirmed'> | undefined {
  if (policy === undefined && unconfirmed.size === 0) return undefined;
  return {
    ...(policy === undefined ? {} : { policy: { ...policy, sorryServers } }),
    ...(unconfirmed.size === 0 ? {} : { unconfirmed }),
  };
}

const NO_SERVERS: readonly RealServer[] = Object.freeze([]);

/** The servers of a list that work for a family. */
function recallServers(
  declared: readonly DeclaredRealServer[] | undefined,
  joined: Joined,
  memory: ServerMemory,
): readonly RealServer[] {
  if (declared === undefined) return NO_SERVERS;
  const { family, common, port, targetPort } = joined;
  return memory.lists.recall(declared, joined, () =>
    declared
      .filter((server) => joinedFamily(server) === family)
      .map((server) => memory.servers.recall(server, joined, () => realServerOf(server, common, port, targetPort))),
  );
}

/** Services with the same real servers: those of one port, or the one of a mark. */
interface Front {
  readonly keys: readonly ServiceKey[];
  readonly port: number;
  readonly targetPort: number;
}

function frontsOf(spec: VirtualServiceSpec, family: AddressFamily): readonly Front[] {
  const { firewallMark, addresses = [], ports = [] } = spec;
  if (firewallMark !== undefined) {
    const { value, addressFamilies = DEFAULT_MARK_FAMILIES } = firewallMark;
    const isIncluded = addressFamilies.some((name) => name === family);
    return isIncluded ? [{ keys: [{ firewallMark: value, family }], port: 0, targetPort: 0 }] : [];
  }
  const own = addresses.filter((address) => addressFamily(address) === family);
  if (own.length === 0) return [];
  return ports.map(({ port, protocol = DEFAULT_PROTOCOL, targetPort = port }) => ({
    keys: own.map((address) => ({ protocol, address, port })),
    port,
    targetPort,
  }));
}

/** The family of the virtual addresses that a server works for. */
function joinedFamily({ address, crossFamily = false }: DeclaredRealServer): AddressFamily {
  return (addressFamily(address) === 'IPv4') === crossFamily ? 'IPv6' : 'IPv4';
}

function settingsOf(spec: VirtualServiceSpec, family: AddressFamily): ServiceSettings {
  const { scheduler = DEFAULT_SCHEDULER, schedulerFlags = [], onePacketScheduling = false, persistence } = spec;
  const {
    timeoutSeconds = DEFAULT_PERSISTENCE_SECONDS,
    ipv4PrefixLength = DEFAULT_IPV4_PREFIX_LENGTH,
    ipv6PrefixLength = DEFAULT_IPV6_PREFIX_LENGTH,
    engine = '',
  } = persistence ?? {};
  const prefixLength = family === 'IPv4' ? ipv4PrefixLength : ipv6PrefixLength;
  return {
    scheduler,
    schedulerFlags: schedulerFlags.reduce((sum, flag) => sum + (flag.endsWith('-fallback') ? 1 : 2), 0),
    onePacketScheduling,
    persistence:
      persistence === undefined ? null : { timeoutSeconds, netmask: netmaskFromPrefix(family, prefixLength), engine },
  };
}

const COMMON_FORWARDING: Forwarding = { method: DEFAULT_FORWARDING, tunnel: null };

function forwardingOf(declared: DeclaredForwarding | undefined): Forwarding {
  if (declared === undefined) return COMMON_FORWARDING;
  const method = declared.method ?? DEFAULT_FORWARDING;
  return { method, tunnel: method === 'Tunnel' ? tunnelOf(declared.tunnel) : null };
}

function tunnelOf(declared: DeclaredForwarding['tunnel']): Tunnel {
  if (declared?.gue !== undefined) {
    const { port, checksum = DEFAULT_CHECKSUM } = declared.gue;
    return { type: 'GUE', port, checksum };
  }
  return declared?.type === 'GRE' ? { type: 'GRE', checksum: declared.gre?.checksum ?? DEFAULT_CHECKSUM } : IPIP;
}

const NOTHING_ADDED: ReadonlySet<string> = new Set();

/** A server that is named stays as it is: named ones win over found ones. `added`: the keys of the others. */
function addNewServers(
  named: readonly RealServer[],
  found: readonly RealServer[],
): { readonly servers: readonly RealServer[]; readonly added: ReadonlySet<string> } {
  if (found.length === 0) return { servers: named, added: NOTHING_ADDED };
  const names = new Set(named.map(realServerKeyText));
  const servers = [...named];
  const added = new Set<string>();
  for (const server of found) {
    const key = realServerKeyText(server);
    if (names.has(key) || added.has(key)) continue;
    added.add(key);
    servers.push(server);
  }
  return { servers, added };
}

/**
 * Of a server that does not serve this port there is nothing. One that ends is, with a drain, a server that is removed:
 * it keeps its connections for so long at most. Without one it has no weight for as long as it is found.
 */
function realServerFound(
  { address, ports, isDraining, from }: FoundServer,
  spec: VirtualServiceSpec,
  common: Common,
  front: number,
  virtualPort: number,
): readonly RealServer[] {
  const port = ports[front] ?? null;
  if (port === null || (isDraining && spec.drain !== undefined)) return [];
  const defaults = spec.realServersFrom?.[from]?.defaults ?? {};
  const server: DeclaredRealServer = { ...defaults, address, state: isDraining ? 'Drain' : 'Enabled' };
  return [realServerOf(server, common, virtualPort, port)];
}

function realServerOf(server: DeclaredRealServer, common: Common, port: number, targetPort: number): RealServer {
  const { method, tunnel } = server.forwarding === undefined ? common.forwarding : forwardingOf(server.forwarding);
  const thresholds = server.connectionThresholds;
  const defaultPort = method === 'Masquerade' ? targetPort : port;
  return {
    address: server.address,
    // An explicit port of 0 says the same as none.
    port: server.port === undefined || server.port === 0 ? defaultPort : server.port,
    forwarding: method,
    tunnel,
    weight: server.state === 'Drain' ? 0 : (server.weight ?? DEFAULT_WEIGHT) * common.scale,
    upperThreshold: thresholds?.upper ?? 0,
    lowerThreshold: thresholds?.lower ?? 0,
  };
}
