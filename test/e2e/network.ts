import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { inNamespace, runWell } from './process.js';

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

export type EchoProtocol = 'TCP' | 'UDP';

/** A namespace with a process inside that makes traffic. */
export interface Host {
  /** The name for `ip netns`. */
  readonly namespace: string;
  /** Answers `NAME TEXT` to every line (TCP) or datagram (UDP). */
  listen(protocol: EchoProtocol, address: string, port: number, name: string): Promise<void>;
  /** Stops answering and resets the connections, as a server does that dies. */
  unlisten(protocol: EchoProtocol, address: string, port: number): Promise<void>;
  connect(address: string, port: number): Promise<Connection>;
  /** Sends one datagram, from a fresh port or this one, and returns the answer. */
  query(address: string, port: number, text: string, options?: { readonly localPort?: number }): Promise<string>;
}

export interface Connection {
  /** The client's own port, by which the director's connection table names the connection. */
  readonly localPort: number;
  /** Sends a line, and returns the line that comes back. */
  ask(text: string): Promise<string>;
  close(): Promise<void>;
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
  const hosts: RunningHost[] = [];
  try {
    for (const link of links) hosts.push(await addHost(`${unique}-${link.name}`, link));
  } catch (error) {
    await closeAll(hosts);
    throw error;
  }
  const [client, ...servers] = hosts as [RunningHost, ...RunningHost[]];
  return { client, servers, close: () => closeAll(hosts) };
}

async function closeAll(hosts: readonly RunningHost[]): Promise<void> {
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

async function addHost(namespace: string, link: Link): Promise<RunningHost> {
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
  return new RunningHost(namespace, `${link.ipv4}.2`, `${link.ipv6}:2`);
}

class RunningHost implements Server {
  readonly namespace: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #lastId = 0;

  constructor(namespace: string, ipv4: string, ipv6: string) {
    this.namespace = namespace;
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    const program = fileURLToPath(new URL('peer.cjs', import.meta.url));
    const [file = '', ...args] = inNamespace(namespace, [process.execPath, program]);
    this.#process = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface(this.#process.stdout).on('line', (line) => {
      const { id, value, error } = JSON.parse(line) as { id: number; value?: unknown; error?: string };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(`${namespace}: ${error}`));
    });
    this.#process.on('close', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`${namespace}: the process ended`));
    });
  }

  async listen(protocol: EchoProtocol, address: string, port: number, name: string): Promise<void> {
    await this.#command({ command: 'listen', protocol, address, port, name });
  }

  async unlisten(protocol: EchoProtocol, address: string, port: number): Promise<void> {
    await this.#command({ command: 'unlisten', protocol, address, port });
  }

  async connect(address: string, port: number): Promise<Connection> {
    const connection = this.#lastId + 1;
    const localPort = (await this.#command({ command: 'connect', connection, address, port })) as number;
    return {
      localPort,
      ask: async (text) => (await this.#command({ command: 'ask', connection, text })) as string,
      close: async () => {
        await this.#command({ command: 'disconnect', connection });
      },
    };
  }

  async query(
    address: string,
    port: number,
    text: string,
    options: { readonly localPort?: number } = {},
  ): Promise<string> {
    return (await this.#command({ command: 'query', address, port, text, ...options })) as string;
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'close');
    this.#process.stdin.end();
    await ended;
    await runWell(['ip', 'link', 'del', `to-${this.namespace.split('-')[1] ?? ''}`]);
    await runWell(['ip', 'netns', 'del', this.namespace]);
  }

  #command(command: object): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#process.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    return answer;
  }
}
