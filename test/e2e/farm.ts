import { writeFile } from 'node:fs/promises';
import { runWell } from './process.js';
import { Traffic } from './traffic.js';

/**
 * A director, a client and real servers, so that every forwarding method works in both families. The director is this
 * process's own namespace, and a bridge there is the segment of the servers. The client has a second link to that segment:
 * what direct routing and tunnels bring to a server goes back there, past the director, and what is masqueraded goes
 * back through the director, which is the servers' way to everywhere else.
 *
 *     client 10.1.0.2 ── 10.1.0.1 director 10.2.0.1 ── 10.2.0.11, .12, … servers
 *            10.3.0.2 ──────────────────────────────┘  (IPv6: fd01::, fd02::, fd03::)
 */
export interface Farm {
  readonly client: string;
  readonly servers: readonly FarmServer[];
  readonly traffic: Traffic;
  /** Lets nothing pass to the server or from it, as a machine does that lost its power; or lets it pass again. */
  setSilent(server: FarmServer, isSilent: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface FarmServer {
  /** `server1`, `server2`, … */
  readonly name: string;
  readonly namespace: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

export const FARM_METHODS = ['Masquerade', 'DirectRouting', 'Tunnel'] as const;
export type FarmMethod = (typeof FARM_METHODS)[number];

/** The virtual addresses of services with this method: the servers take them for their own but where they are masqueraded. */
export function virtualAddressesOf(method: FarmMethod): { readonly IPv4: string; readonly IPv6: string } {
  const number = FARM_METHODS.indexOf(method) + 1;
  return { IPv4: `10.0.0.${number}`, IPv6: `fd00::${number}` };
}

/** Every method in both families, with its virtual address. */
export const FARM_COMBINATIONS = FARM_METHODS.flatMap((method) =>
  (['IPv4', 'IPv6'] as const).map((family) => ({ method, family, address: virtualAddressesOf(method)[family] })),
);

/** The client's own address where it speaks to this virtual address of a service with this method. */
export function clientAddressOf(method: FarmMethod, virtualAddress: string): string {
  const network = method === 'Masquerade' ? 1 : 3;
  return virtualAddress.includes(':') ? `fd0${network}::2` : `10.${network}.0.2`;
}

const METHODS_PAST_THE_DIRECTOR = FARM_METHODS.filter((method) => method !== 'Masquerade');
const BRIDGE = 'farm';

export async function buildFarm(serverCount: number): Promise<Farm> {
  const unique = `farm${process.pid}`;
  const client = `${unique}-client`;
  const servers = Array.from({ length: serverCount }, (_, i) => ({
    name: `server${i + 1}`,
    namespace: `${unique}-server${i + 1}`,
    ipv4: `10.2.0.${11 + i}`,
    ipv6: `fd02::${11 + i}`,
  }));
  const namespaces = [client, ...servers.map(({ namespace }) => namespace)];
  await buildDirector();
  try {
    await runBatch(namespaces.map((namespace) => `netns add ${namespace}`));
    await addClient(client);
    await Promise.all(servers.map(addServer));
  } catch (error) {
    await remove(namespaces);
    throw error;
  }
  const traffic = new Traffic();
  return {
    client,
    servers,
    traffic,
    setSilent: async ({ namespace }, isSilent) => {
      const chain = '{ type filter hook prerouting priority -300; policy drop; }';
      const rules = isSilent ? `add table inet power; add chain inet power in ${chain}` : 'delete table inet power';
      await runWell(['nft', rules], { namespace });
    },
    close: async () => {
      await traffic.close();
      await remove(namespaces);
    },
  };
}

async function buildDirector(): Promise<void> {
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
  await writeFile('/proc/sys/net/ipv6/conf/all/forwarding', '1');
  const virtual = FARM_METHODS.map(virtualAddressesOf);
  await runBatch([
    'link set lo up',
    ...virtual.flatMap(({ IPv4, IPv6 }) => [`address add ${IPv4}/32 dev lo`, `address add ${IPv6}/128 dev lo nodad`]),
    `link add ${BRIDGE} type bridge mcast_snooping 0`,
    ...addressesOf(BRIDGE, 2, '1'),
    `link set ${BRIDGE} up`,
  ]);
}

async function addClient(namespace: string): Promise<void> {
  await runBatch([
    `link add to-client type veth peer name eth0 netns ${namespace}`,
    ...addressesOf('to-client', 1, '1'),
    'link set to-client up',
    `link add to-client-2 type veth peer name eth1 netns ${namespace}`,
    `link set to-client-2 master ${BRIDGE} up`,
  ]);
  const routes = FARM_METHODS.map((method) => {
    const { IPv4, IPv6 } = virtualAddressesOf(method);
    return [
      `route add ${IPv4}/32 via 10.1.0.1 src ${clientAddressOf(method, IPv4)}`,
      `route add ${IPv6}/128 via fd01::1 src ${clientAddressOf(method, IPv6)}`,
    ];
  });
  const inside = [
    ...addressesOf('eth0', 1, '2'),
    ...addressesOf('eth1', 3, '2'),
    'link set eth0 up',
    'link set eth1 up',
  ];
  await runBatch(['link set lo up', ...inside, ...routes.flat()], namespace);
}

async function addServer({ name, namespace, ipv4, ipv6 }: FarmServer): Promise<void> {
  await runBatch([
    `link add to-${name} type veth peer name eth0 netns ${namespace}`,
    `link set to-${name} master ${BRIDGE} up`,
  ]);
  const virtual = METHODS_PAST_THE_DIRECTOR.map(virtualAddressesOf);
  await runBatch(
    [
      'link set lo up',
      ...virtual.flatMap(({ IPv4, IPv6 }) => [`address add ${IPv4}/32 dev lo`, `address add ${IPv6}/128 dev lo nodad`]),
      ...addressesOf('eth0', 2, ipv4.split('.')[3] ?? ''),
      'link set eth0 up',
      'route add default via 10.2.0.1',
      'route add 10.3.0.0/24 dev eth0',
      'route add ::/0 via fd02::1',
      'route add fd03::/64 dev eth0',
      `link add tunnel4 type ipip local ${ipv4} remote any`,
      'link set tunnel4 up',
      `link add tunnel6 type ip6tnl mode ip6ip6 local ${ipv6} remote any`,
      'link set tunnel6 up',
    ],
    namespace,
  );
}

/** Of a link in the network of this number, in both families. */
function addressesOf(link: string, network: number, host: string): string[] {
  return [
    `address add 10.${network}.0.${host}/24 dev ${link}`,
    `address add fd0${network}::${host}/64 dev ${link} nodad`,
  ];
}

async function remove(namespaces: readonly string[]): Promise<void> {
  await runBatch([...namespaces.map((namespace) => `netns del ${namespace}`), `link del ${BRIDGE}`]);
}

function runBatch(lines: readonly string[], namespace?: string): Promise<string> {
  const options = namespace === undefined ? [] : ['-netns', namespace];
  return runWell(['ip', ...options, '-batch', '-'], { stdin: lines.join('\n') });
}
