import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFarm, clientAddressOf, FARM_COMBINATIONS, FARM_METHODS, virtualAddressesOf } from './farm.js';
import type { Farm, FarmMethod } from './farm.js';
import { openApplier } from './in-process.js';
import type { Applier } from './in-process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import type { DatagramAnswer } from './traffic.js';
import { virtualService, yamlStream } from './yaml.js';

const PORT = 5300;
const SERVERS = ['server1', 'server2', 'server3'];

/** Other tests may start all at once with this one. */
const STARTED_WITHIN_MILLISECONDS = 300_000;

let farm: Farm;
let workplace: Workplace;
let applier: Applier;
let lastPort = 20_000;

beforeAll(async () => {
  workplace = await openWorkplace();
  applier = await openApplier(workplace.stateDirectory);
  farm = await buildFarm(SERVERS.length);
  for (const { namespace, name, ipv4, ipv6 } of farm.servers) {
    // A server answers from the address that it was asked at: the virtual one where it gets the datagram unchanged.
    const past = FARM_COMBINATIONS.filter(({ method }) => method !== 'Masquerade').map(({ address }) => address);
    for (const address of [ipv4, ipv6, ...past]) await farm.traffic.serveDatagrams(namespace, address, PORT, name);
  }
}, STARTED_WITHIN_MILLISECONDS);

afterAll(async () => {
  await farm.close();
  await applier.close();
  await workplace.remove();
});

async function apply(onePacketScheduling: boolean): Promise<void> {
  const services = FARM_METHODS.map((method) =>
    virtualService('farm', method.toLowerCase(), {
      addresses: Object.values(virtualAddressesOf(method)),
      ports: [{ port: PORT, protocol: 'UDP' }],
      scheduler: 'rr',
      onePacketScheduling,
      forwarding: { method },
      realServers: farm.servers.flatMap(({ ipv4, ipv6 }) => [{ address: ipv4 }, { address: ipv6 }]),
    }),
  );
  await applier.apply(yamlStream(services));
}

function send(
  method: FarmMethod,
  address: string,
  count: number,
  port = ++lastPort,
): Promise<readonly DatagramAnswer[]> {
  return farm.traffic.sendDatagrams(
    { namespace: farm.client, address: clientAddressOf(method, address), port },
    { address, port: PORT },
    count,
  );
}

const serversOf = (answers: readonly DatagramAnswer[]): readonly string[] => answers.map(({ server }) => server).sort();

describe.each(FARM_COMBINATIONS)('$method over $family', ({ method, address }) => {
  it('sends the datagrams of a client port to one server', async () => {
    await apply(false);
    const answers = await send(method, address, 3);
    expect(new Set(serversOf(answers)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.address))).toEqual(new Set([address]));
  });

  it('schedules each by itself where it is told to, but for ports that have a server already', async () => {
    await apply(false);
    const [kept] = await send(method, address, 1, 20_000);
    await apply(true);
    expect(await send(method, address, 2, 20_000)).toEqual([kept, kept]);
    expect(serversOf(await send(method, address, 3))).toEqual(SERVERS);
  });
});

// What IPVS schedules by itself it forgets at once, so that nobody knows the answer for one.
describe('masqueraded datagrams, each scheduled by itself', () => {
  it('are answered from the address of the server', async () => {
    await apply(true);
    const answers = await send('Masquerade', virtualAddressesOf('Masquerade').IPv4, 3);
    expect(answers.map((answer) => answer.address).sort()).toEqual(farm.servers.map(({ ipv4 }) => ipv4));
  });

  it('are not answered with nat_icmp_send', async () => {
    await apply(true);
    await writeFile('/proc/sys/net/ipv4/vs/nat_icmp_send', '1');
    await expect(send('Masquerade', virtualAddressesOf('Masquerade').IPv4, 1)).rejects.toThrow('timed out');
    await writeFile('/proc/sys/net/ipv4/vs/nat_icmp_send', '0');
  });
});
