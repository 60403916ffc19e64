import { writeFile } from 'node:fs/promises';
import { RunningHost } from './host.js';
import type { Host } from './host.js';
import { runWell } from './process.js';

/**
 * A small real network of namespaces and veth pairs. The director is this process's own network namespace, so that
 * the library works on its table directly; the client and each real server have a namespace of their own, routed
 * through the director. Every host speaks IPv4 and IPv6.
 *
 *     client 10.1.0.2 ── 10.1.0.1 director 10.2.N.1 ── 10.2.N.2 server N
 *          fd01::2 ── fd01::1              fd02:N::1 ── fd02:N::2
 */
export interface Network {
  readonly client: Host;
  readonly servers: readonly Server[];
  /** Ends all processes and removes all namespaces and links. */
  close(): Promise<void>;
}

export interface Server extends Host {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** Addresses of the director for virtual services; clients reach them, and nobody else has them. */
export const VIRTUAL_IPV4 = '10.0.0.1';
export const VIRTUAL_IPV6 = 'fd00::1';

export async function buildNetwork(options: { readonly servers: number }): Promise<Network> {
  const unique = `e2e${process.pid}`;
  await runWell(['ip', 'link', 'set', 'lo', 'up']);
  await runWell(['ip', 'address', 'add', `${VIRTUAL_IPV4}/32`, 'dev', 'lo']);
  await runWell(['ip', 'address', 'add', `${VIRTUAL_IPV6}/128`, 'dev', 'lo', 'nodad']);
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
  await writeFile('/proc/sys/net/ipv6/conf/all/forwarding', '1');

  const links = [{ name: 'client', ipv4: '10.1.0', ipv6: 'fd01:' }];
  for (let i = 1; i <= options.servers; i++) links.push({ name: `server${i}`, ipv4: `10.2.${i}`, ipv6: `fd02:${i}:` });
  const hosts: RoutedHost[] = [];
  try {
    for (const link of links) hosts.push(await addHost(`${unique}-${link.name}`, link));
  } catch (error) {
    await closeAll(hosts);
    throw error;
  }
  const [client, ...servers] = hosts as [RoutedHost, ...RoutedHost[]];
  return { client, servers, close: () => closeAll(hosts) };
}

async function closeAll(hosts: readonly RoutedHost[]): Promise<void> {
  await Promise.all(hosts.map((host) => host.close()));
  await runWell(['ip', 'address', 'del', `${VIRTUAL_IPV4}/32`, 'dev', 'lo']);
  await runWell(['ip', 'address', 'del', `${VIRTUAL_IPV6}/128`, 'dev', 'lo']);
}

interface Link {
  readonly name: string;
  /** The first three quads. */
  readonly ipv4: string;
  /** The prefix up to one colon before the end. */
  readonly ipv6: string;
}

async function addHost(namespace: string, link: Link): Promise<RoutedHost> {
  const [near, far] = [`to-${link.name}`, 'eth0'];
  const batch = [
    `netns add ${namespace}`,
    `link add ${near} type veth peer name ${far} netns ${namespace}`,
    `address add ${link.ipv4}.1/24 dev ${near}`,
    `address add ${link.ipv6}:1/64 dev ${near} nodad`,
    `link set ${near} up`,
  ];
  const inside = [
    'link set lo up',
    `address add ${link.ipv4}.2/24 dev ${far}`,
    `address add ${link.ipv6}:2/64 dev ${far} nodad`,
    `link set ${far} up`,
    `route add default via ${link.ipv4}.1`,
    `route add ::/0 via ${link.ipv6}:1`,
  ];
  await runWell(['ip', '-batch', '-'], { stdin: batch.join('\n') });
  await runWell(['ip', '-netns', namespace, '-batch', '-'], { stdin: inside.join('\n') });
  return new RoutedHost(namespace, `${link.ipv4}.2`, `${link.ipv6}:2`);
}

class RoutedHost extends RunningHost implements Server {
  readonly ipv4: string;
  readonly ipv6: string;

  constructor(namespace: string, ipv4: string, ipv6: string) {
    super(namespace);
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  override async close(): Promise<void> {
    await super.close();
    await runWell(['ip', 'link', 'del', `to-${this.namespace.split('-')[1] ?? ''}`]);
    await runWell(['ip', 'netns', 'del', this.namespace]);
  }
}
