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
  return realServers === undefined || familyOfSimple(realServers, family) === family;
}

/** Of lists that several documents share, and that nobody can change any more. */
const FAMILIES_OF_SIMPLE = new WeakMap<readonly DeclaredRealServer[], AddressFamily>();

/** The family of different servers with nothing but a weight; `undefined` where they are not like that, or not of the one expected. */
function familyOfSimple(servers: readonly DeclaredRealServer[], expected: AddressFamily): AddressFamily | undefined {
  const known = FAMILIES_OF_SIMPLE.get(servers);
  if (known !== undefined) return known;
  for (const server of servers)
    if (!isSimpleServer(server) || addressFamily(server.address) !== expected) return undefined;
  if (!isOneOfEach(servers, (server) => server.address)) return undefined;
  // An empty list would be of either.
  if (servers.length > 0 && Object.isFrozen(servers)) FAMILIES_OF_SIMPLE.set(servers, expected);
  return expected;
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
