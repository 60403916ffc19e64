import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIpvs } from '../../src/index.js';
import type { Ipvs, IpvsServer, IpvsService } from '../../src/index.js';
import { runWell } from '../e2e/process.js';

/** Only of this host and its own network namespace: a datagram to a service on lo, with a server on lo. */
const VIRTUAL = '10.0.0.1';
const server = createSocket('udp4');
let ipvs: Ipvs;
let service: IpvsService;
let realServer: IpvsServer;

beforeAll(async () => {
  await runWell(['ip', 'address', 'add', `${VIRTUAL}/32`, 'dev', 'lo']);
  server.bind(5353, '127.0.0.1');
  await once(server, 'listening');
  ipvs = await openIpvs();
  service = await ipvs.addService({ protocol: 'UDP', address: VIRTUAL, port: 53 });
  realServer = await service.addServer({ address: '127.0.0.1', port: 5353 });
  await sendDatagram();
});

afterAll(async () => {
  await service.delete();
  await ipvs.close();
  server.close();
  await runWell(['ip', 'address', 'del', `${VIRTUAL}/32`, 'dev', 'lo']);
});

/** Resolves when the real server has it. */
async function sendDatagram(): Promise<void> {
  const client = createSocket('udp4');
  const received = once(server, 'message');
  client.send('hello', 53, VIRTUAL);
  await received;
  client.close();
}

/** The packet's 5 bytes, its UDP header and its IPv4 header. */
const ONE_DATAGRAM = { connections: 1, incomingPackets: 1, incomingBytes: 33, outgoingPackets: 0 };

/** The kernel gathers what it counted every 2 seconds. */
const SOON = { timeout: 20_000, interval: 500 };

test('A datagram is counted for its service and its real server, after a while', async () => {
  await expect
    .poll(() => service.read(), SOON)
    .toMatchObject({
      statistics: ONE_DATAGRAM,
      servers: [{ statistics: ONE_DATAGRAM, connections: { active: 0, inactive: 1, persistent: 0 } }],
    });
});

test('A real server that is deleted and added again has its connections and its counters', async () => {
  await realServer.delete();
  await service.addServer(realServer.key);
  expect(await realServer.read()).toMatchObject({ statistics: ONE_DATAGRAM, connections: { inactive: 1 } });
});

test('Counters that are zeroed are zero, and the connections stay', async () => {
  await service.zero();
  expect(await service.read()).toMatchObject({
    statistics: { connections: 0, incomingPackets: 0, incomingBytes: 0 },
    servers: [{ statistics: { connections: 0, incomingPackets: 0 }, connections: { inactive: 1 } }],
  });
  await sendDatagram();
  await expect.poll(async () => (await service.read()).statistics.connections, SOON).toBe(1);
  await ipvs.zero();
  expect((await service.read()).statistics).toMatchObject({ connections: 0, incomingPackets: 0 });
});

test('A real server of a service that was made anew has its connections, and counts from zero', async () => {
  await sendDatagram();
  await service.delete();
  service = await ipvs.addService({ protocol: 'UDP', address: VIRTUAL, port: 53 });
  realServer = await service.addServer(realServer.key);
  expect(await realServer.read()).toMatchObject({ statistics: { connections: 0 }, connections: { inactive: 3 } });
});
