import { compareServiceKeys, serviceFamily } from '../../model/index.js';
import type {
  AddressFamily,
  AddressServiceKey,
  KernelService,
  RealServer,
  ServiceSettings,
} from '../../model/index.js';
import { MAXIMUM_ADDRESSES, MAXIMUM_PORTS } from '../schema/limits.js';

/** Kernel services that one document declares: every address with every port, or one mark. */
export interface ServiceGroup {
  readonly family: AddressFamily;
  /** Absent for a service by firewall mark. */
  readonly listeners?: { readonly addresses: readonly string[]; readonly ports: readonly GroupPort[] };
  readonly firewallMark?: number;
  readonly settings: ServiceSettings;
  /** The first service's. Those of the others differ in their ports only, as the group's ports say. */
  readonly servers: readonly RealServer[];
  /** Whether the servers' ports are said by the group's ports, not by the servers. */
  readonly isPortShared: boolean;
}

export interface GroupPort {
  readonly protocol: AddressServiceKey['protocol'];
  readonly port: number;
  readonly targetPort: number;
}

/** Puts services together that differ in nothing but port or address, in the order of their keys. */
export function groupServices(services: readonly KernelService[]): readonly ServiceGroup[] {
  const sorted = [...services].sort((a, b) => compareServiceKeys(a.key, b.key));
  return joinAddresses(joinPorts(sorted));
}

interface OpenGroup extends ServiceGroup {
  readonly signature: string;
}

/** Ports of one address whose services are equal otherwise. */
function joinPorts(services: readonly KernelService[]): readonly OpenGroup[] {
  const groups: OpenGroup[] = [];
  const open = new Map<string, GroupPort[]>();
  for (const { key, settings, servers: unsorted } of services) {
    const servers = [...unsorted].sort(compareServers);
    const family = serviceFamily(key);
    if (key.firewallMark !== undefined) {
      groups.push({ family, firewallMark: key.firewallMark, settings, servers, isPortShared: false, signature: '' });
      continue;
    }
    const { address, protocol, port } = key;
    const targetPort = sharedPort(servers, port);
    const groupPort: GroupPort = { protocol, port, targetPort: targetPort ?? port };
    const isPortShared = targetPort !== undefined;
    const signature = isPortShared ? JSON.stringify([settings, servers.map((server) => ({ ...server, port: 0 }))]) : '';
    const ports = isPortShared ? open.get(`${address} ${signature}`) : undefined;
    if (ports !== undefined && ports.length < MAXIMUM_PORTS) {
      ports.push(groupPort);
      continue;
    }
    const own = [groupPort];
    if (isPortShared) open.set(`${address} ${signature}`, own);
    groups.push({
      family,
      listeners: { addresses: [address], ports: own },
      settings,
      servers,
      isPortShared,
      signature,
    });
  }
  return groups;
}

/** The one port that all servers of a service have, where it can be said at the service; else undefined. */
function sharedPort(servers: readonly RealServer[], port: number): number | undefined {
  const shared = servers[0]?.port ?? port;
  if (servers.some((server) => server.port !== shared)) return undefined;
  const isKept = shared === port || servers.every((server) => server.forwarding === 'Masquerade');
  return isKept ? shared : undefined;
}

/** Addresses of one family whose ports and all else are equal. */
function joinAddresses(groups: readonly OpenGroup[]): readonly ServiceGroup[] {
  const joined: ServiceGroup[] = [];
  const open = new Map<string, string[]>();
  for (const group of groups) {
    const { listeners, signature, family } = group;
    if (listeners === undefined || signature === '') {
      joined.push(group);
      continue;
    }
    const whole = `${family} ${JSON.stringify(listeners.ports)} ${signature}`;
    const addresses = open.get(whole);
    if (addresses !== undefined && addresses.length < MAXIMUM_ADDRESSES) {
      addresses.push(...listeners.addresses);
      continue;
    }
    const own = [...listeners.addresses];
    open.set(whole, own);
    joined.push({ ...group, listeners: { addresses: own, ports: listeners.ports } });
  }
  return joined;
}

function compareServers(a: RealServer, b: RealServer): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port;
}
