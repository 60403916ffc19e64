import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { EchoSockets } from '../../src/adapters/probes/echo-sockets.js';
import type { CheckMethod } from '../../src/model/index.js';
import { probeTarget, target } from '../adapters/probes/servers.js';

// What this host runs out of is no fault of a server. It takes a network of one's own to run out of it.

const DEAD_HOSTS = 600;
const PORT_RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
const PORTS = [40_000, 40_001] as const;

const ip = (text: string) => promisify(execFile)('ip', text.split(' '));

describe('beside hundreds of hosts that are not there', () => {
  beforeAll(async () => {
    await ip('link add here type veth peer name there');
    await ip('link set here up');
    await ip('link set there up');
    await ip('address add 10.9.0.1/16 dev here');
    await ip('-6 address add 2001:db8::1/64 dev here nodad');
  });

  test.each([
    ['IPv4', '127.0.0.1', (i: number) => `10.9.${1 + (i >> 8)}.${i & 0xff}`],
    ['IPv6', '::1', (i: number) => `2001:db8::1:${i.toString(16)}`],
  ])('a server answers a ping over %s', async (_, healthy, deadHost) => {
    const sockets = new EchoSockets();
    const { port, check } = target({ type: 'Ping', payloadBytes: 56 }, 0);
    const ping = (address: string, onAnswer = (): void => undefined) =>
      sockets.send({ address, port, check }, 56, onAnswer);
    const sent = Array.from({ length: DEAD_HOSTS }, (__, i) => ping(deadHost(i)));
    expect(sent.filter((result) => result instanceof Error)).toEqual([]);
    await new Promise<void>((resolve) => {
      expect(ping(healthy, resolve)).not.toBeInstanceOf(Error);
    });
    for (const giveUp of sent) if (!(giveUp instanceof Error)) giveUp();
  });
});

test('a server does not fail where no port is left to ask it from', async () => {
  const server = createServer().listen(9000, '127.0.0.1');
  await once(server, 'listening');
  const holders = PORTS.flatMap((port) => [
    createServer().listen(port, '127.0.0.1'),
    createSocket('udp4').bind(port, '127.0.0.1'),
  ]);
  await Promise.all(holders.map((holder) => once(holder, 'listening')));
  const before = await readFile(PORT_RANGE, 'utf8');
  await writeFile(PORT_RANGE, PORTS.join(' '));
  try {
    const ask = (method: CheckMethod, sourceAddress: string | null, firewallMark: number | null): Promise<string> =>
      probeTarget(target(method, 9000, { sourceAddress, firewallMark }), 10_000);
    const connect: CheckMethod = { type: 'TCP', send: '', expect: '' };
    const send: CheckMethod = { type: 'UDP', sendHex: '', expectHex: '' };
    const shortage = 'SOCKERR this host has no free port or address';
    expect(await ask(connect, '127.0.0.1', null)).toBe(shortage);
    expect(await ask(connect, '127.0.0.1', 7)).toBe(shortage);
    expect(await ask(send, null, null)).toBe(shortage);
    expect(await ask(send, '127.0.0.1', null)).toBe(shortage);
    expect(await ask(send, '127.0.0.1', 7)).toBe(shortage);
  } finally {
    await writeFile(PORT_RANGE, before);
    for (const holder of [server, ...holders]) holder.close();
  }
});
