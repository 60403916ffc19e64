import { RunningHost } from './host.js';
import { VIRTUAL_IPV4 } from './network.js';
import { runWell } from './process.js';

/**
 * Several directors on one segment with a client and a real server, each in a namespace of its own; this process's own
 * namespace is the switch, with an address that all of them reach. Every director and the server have the virtual
 * address on their loopback and tell nobody: packets come to the director that the client's route names, and direct
 * routing brings them to the server, which answers the client itself.
 *
 *     10.9.0.1 here ── 10.9.0.11, .12, … directors ── 10.9.0.101 client ── 10.9.0.201 server
 */
export interface Segment {
  /** The namespaces of the directors, by their names. */
  readonly directors: ReadonlyMap<string, string>;
  readonly client: RunningHost;
  readonly server: RunningHost;
  /** Sends what the client has for the virtual address through this director, from now on. */
  routeThrough(director: string): Promise<void>;
  /** Ends the hosts' processes and removes all namespaces and links. */
  close(): Promise<void>;
}

export const SEGMENT_ADDRESS = '10.9.0.1';
export const SEGMENT_SERVER = '10.9.0.201';

const BRIDGE = 'segment';

export async function buildSegment(names: readonly string[]): Promise<Segment> {
  const unique = `segment${process.pid}`;
  await runBatch([
    `link add ${BRIDGE} type bridge mcast_snooping 0`,
    `address add ${SEGMENT_ADDRESS}/24 dev ${BRIDGE}`,
    `link set ${BRIDGE} up`,
  ]);
  const namespaces: string[] = [];
  const join = async (name: string, number: number, hasVirtualAddress: boolean): Promise<string> => {
    const namespace = `${unique}-${name}`;
    namespaces.push(namespace);
    await joinSegment(namespace, `to-${name}`, `10.9.0.${number}`, hasVirtualAddress);
    return namespace;
  };
  const directors = new Map<string, string>();
  for (const [i, name] of names.entries()) directors.set(name, await join(name, 11 + i, true));
  const client = new RunningHost(await join('client', 101, false));
  const server = new RunningHost(await join('server', 201, true));
  return {
    directors,
    client,
    server,
    routeThrough: async (director) => {
      const gateway = `10.9.0.${11 + names.indexOf(director)}`;
      await runBatch([`route replace ${VIRTUAL_IPV4}/32 via ${gateway}`], client.namespace);
    },
    close: async () => {
      await Promise.all([client.close(), server.close()]);
      await runBatch([...namespaces.map((namespace) => `netns del ${namespace}`), `link del ${BRIDGE}`]);
    },
  };
}

async function joinSegment(
  namespace: string,
  link: string,
  address: string,
  hasVirtualAddress: boolean,
): Promise<void> {
  await runBatch([
    `netns add ${namespace}`,
    `link add ${link} type veth peer name eth0 netns ${namespace}`,
    `link set ${link} master ${BRIDGE} up`,
  ]);
  const inside = ['link set lo up', `address add ${address}/24 dev eth0`, 'link set eth0 up'];
  if (hasVirtualAddress) {
    await runWell(['sysctl', '-qw', 'net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2'], {
      namespace,
    });
    inside.push(`address add ${VIRTUAL_IPV4}/32 dev lo`);
  }
  await runBatch(inside, namespace);
}

function runBatch(lines: readonly string[], namespace?: string): Promise<string> {
  const options = namespace === undefined ? [] : ['-netns', namespace];
  return runWell(['ip', ...options, '-batch', '-'], { stdin: lines.join('\n') });
}
