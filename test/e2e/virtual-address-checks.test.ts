import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declare, eventually, startController } from './controller.js';
import { buildFarm, virtualAddressesOf } from './farm.js';
import type { Farm } from './farm.js';
import { runWell } from './process.js';
import type { Running } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { virtualService, yamlStream } from './yaml.js';

// Servers that answer at their own address, and not at the virtual one: only a check of the latter notices.

const PORT = 8080;
const METHODS = ['DirectRouting', 'Tunnel'] as const;

const combinations = METHODS.flatMap((method) =>
  Object.entries(virtualAddressesOf(method)).map(([family, address]) => ({ method, family, address })),
);

const STARTED_WITHIN_MILLISECONDS = 300_000;

let farm: Farm;
let workplace: Workplace;
let running: Running;

beforeAll(async () => {
  workplace = await openWorkplace();
  farm = await buildFarm(2);
  // The answers are from an address that is this host's own, too. IPv6 asks for no such thing.
  await writeFile('/proc/sys/net/ipv4/conf/farm/accept_local', '1');
  await Promise.all(farm.servers.map(({ namespace, name }) => farm.traffic.serve(namespace, PORT, name)));
  const checks = [
    { name: 'page', type: 'HTTP', target: 'VirtualAddress', intervalSeconds: 1, timeoutSeconds: 1, fall: 2 },
  ];
  const services = METHODS.map((method) =>
    virtualService('farm', method.toLowerCase(), {
      addresses: Object.values(virtualAddressesOf(method)),
      ports: [{ port: PORT }],
      forwarding: { method },
      realServers: farm.servers.flatMap(({ ipv4, ipv6 }) => [{ address: ipv4 }, { address: ipv6 }]),
      health: { initialState: 'Failing', checks },
    }),
  );
  await declare(workplace, 'farm', yamlStream(services));
  await startController(workplace, (process) => (running = process), '--check-marks', '1048576-1048831');
}, STARTED_WITHIN_MILLISECONDS);

afterAll(async () => {
  running.kill();
  await running.outcome;
  await farm.close();
  await workplace.remove();
});

describe.each(combinations)('over $method and $family', ({ family, address }) => {
  const place = family === 'IPv6' ? `[${address}]` : address;
  const prefix = family === 'IPv6' ? 128 : 32;

  /** How many servers the kernel has. */
  const countOfServers = async (): Promise<number> => {
    const table = await runWell(['ipvsadm', '-Sn']);
    return table.split('\n').filter((line) => line.startsWith(`-a -t ${place}:${PORT} `)).length;
  };

  const expectServers = (count: number) =>
    eventually(countOfServers, (found) => {
      expect(found).toBe(count);
    });

  it('a server is in while the virtual address answers there', async () => {
    const [, server] = farm.servers;
    if (server === undefined) throw new Error('there is no second server');
    const lo = (change: 'add' | 'del') =>
      runWell(['ip', 'address', change, `${address}/${prefix}`, 'dev', 'lo'], { namespace: server.namespace });
    await expectServers(2);
    await lo('del');
    await expectServers(1);
    const answers = await farm.traffic.request(4, { namespace: farm.client, address, port: PORT });
    expect(answers.map((answer) => answer.server)).toEqual(['server1', 'server1', 'server1', 'server1']);
    await lo('add');
    await expectServers(2);
  });
});
