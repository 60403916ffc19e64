import { addressFamily } from '../../model/index.js';
import type { AddressFamily } from '../../model/index.js';
import type { DeclaredRealServer, VirtualServiceSpec } from '../declared.js';

type Ports = NonNullable<VirtualServiceSpec['ports']>;

/**
 * Whether a specification has none of the fields that could contradict others: addresses of one family, ports, and real
 * servers with nothing but a weight. Most have not, and need no closer look; for the others it says nothing.
 */
export function isTooSimpleToContradict(spec: VirtualServiceSpec): boolean {
  const { addresses, ports, realServers } = spec;
  if (addresses === undefined || ports === undefined || hasUncommonFields(spec)) return false;
  const [first = ''] = addresses;
  if (!areSimplePorts(ports) || !isOneOfEach(addresses, (address) => address)) return false;
  const family = addressFamily(first);
  if (addresses.length > 1 && addresses.some((address) => addressFamily(address) !== family)) return false;
  return realServers === undefined || areSimple(realServers, family);
}

/** The family of simple lists that several documents share, and that nobody can change any more. */
const FAMILIES_OF_SIMPLE = new WeakMap<readonly DeclaredRealServer[], AddressFamily>();

/** Whether these are different servers of a family, with nothing but a weight. */
function areSimple(servers: readonly DeclaredRealServer[], family: AddressFamily): boolean {
  const known = FAMILIES_OF_SIMPLE.get(servers);
  if (known !== undefined) return known === family;
  for (const server of servers) if (!isSimpleServer(server) || addressFamily(server.address) !== family) return false;
  if (!isOneOfEach(servers, (server) => server.address)) return false;
  // An empty list is of both.
  if (servers.length > 0 && Object.isFrozen(servers)) FAMILIES_OF_SIMPLE.set(servers, family);
  return true;
}

function hasUncommonFields(spec: VirtualServiceSpec): boolean {
  return (
    spec.firewallMark !== undefined ||
    spec.schedulerFlags !== undefined ||
    spec.onePacketScheduling !== undefined ||
    spec.forwarding !== undefined ||
    spec.realServersFrom !== undefined ||
    spec.sorryServers !== undefined ||
    spec.quorum !== undefined ||
    spec.health !== undefined ||
    spec.slowStart !== undefined ||
    spec.nodeSelector !== undefined
  );
}

function areSimplePorts(ports: Ports): boolean {
  for (const { port } of ports) if (port === 0) return false;
  return isOneOfEach(ports, ({ port, protocol = 'TCP' }) => `${protocol} ${port}`);
}

function isSimpleServer({ port, forwarding, connectionThresholds, crossFamily }: DeclaredRealServer): boolean {
  return (
    port === undefined && forwarding === undefined && connectionThresholds === undefined && crossFamily === undefined
  );
}

function isOneOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): boolean {
  if (items.length < 2) return true;
  const keys = new Set<string>();
  for (const item of items) keys.add(keyOf(item));
  return keys.size === items.length;
}
