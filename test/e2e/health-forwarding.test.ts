import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declare, eventually, startController } from './controller.js';
import { endpointText, readFarmTable } from './farm-table.js';
import { buildFarm, FARM_COMBINATIONS, FARM_METHODS, virtualAddressesOf } from './farm.js';
import type { Farm } from './farm.js';
import type { Running } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { countServers } from './traffic.js';
import type { Load, Request } from './traffic.js';
import { virtualService, yamlStream } from './yaml.js';

// What the checks decide, as clients notice it: every forwarding method in both families, all at once.

const PORT = 8080;
const INTERVAL_SECONDS = 2;
/** A server whose process has ended refuses at once: this is for a busy machine. */
const TIMEOUT_SECONDS = 2;
const FALL = 2;
const BOUND_MILLISECONDS = (FALL * INTERVAL_SECONDS + TIMEOUT_SECONDS) * 1000;
/** How long is looked on after the death and the return of a server are noticed. */
const AFTERWARDS_MILLISECONDS = 1000;

/** Other tests may start all at once with this one. */
const STARTED_WITHIN_MILLISECONDS = 300_000;

let farm: Farm;
let workplace: Workplace;
let running: Running;

beforeAll(async () => {
  workplace = await openWorkplace();
  farm = await buildFarm(3);
  await Promise.all(farm.servers.map(({ namespace, name }) => farm.traffic.serve(namespace, PORT, name)));
  await declare(
    workplace,
    'farm',
    yamlStream(
      FARM_METHODS.map((method) =>
        virtualService('farm', method.toLowerCase(), {
          addresses: Object.values(virtualAddressesOf(method)),
          ports: [{ port: PORT }],
          scheduler: 'wrr',
          forwarding: { method },
          realServers: farm.servers.flatMap(({ ipv4, ipv6 }, i) => [
            { address: ipv4, weight: i + 1 },
            { address: ipv6, weight: i + 1 },
          ]),
          health: {
            checks: [
              {
                name: 'page',
                type: 'HTTP',
                intervalSeconds: INTERVAL_SECONDS,
                timeoutSeconds: TIMEOUT_SECONDS,
                fall: FALL,
              },
            ],
          },
        }),
      ),
    ),
  );
  await startController(workplace, (process) => (running = process));
}, STARTED_WITHIN_MILLISECONDS);

afterAll(async () => {
  running.kill();
  await running.outcome;
  await farm.close();
  await workplace.remove();
});

describe.each(FARM_COMBINATIONS)('$method over $family', ({ address }) => {
  it('gives each server its share', async () => {
    const requests = await farm.traffic.request(60, { namespace: farm.client, address, port: PORT });
    expect(countServers(requests)).toEqual({ server1: 10, server2: 20, server3: 30 });
  });
});

describe('a server that dies and returns', () => {
  /** Of each combination, what was asked from before the death until after the return. */
  let requests: readonly (readonly Request[])[];
  let died: number;
  let noticed: number;
  let returned: number;
  let ended: number;

  /** Until all services have so many servers in the kernel. */
  const expectServers = (count: number) =>
    eventually(
      () => readFarmTable(farm),
      (table) => {
        for (const { address } of FARM_COMBINATIONS) {
          expect(Object.keys(table[endpointText(address, PORT)] ?? {})).toHaveLength(count);
        }
      },
    );

  beforeAll(async () => {
    const server = farm.servers[2]?.namespace ?? '';
    const loads: Load[] = [];
    for (const { address } of FARM_COMBINATIONS) {
      loads.push(await farm.traffic.startLoad({ namespace: farm.client, address, port: PORT, pauseMilliseconds: 50 }));
    }
    await sleep(500);
    died = Date.now();
    await farm.traffic.kill(server, PORT);
    await expectServers(2);
    noticed = Date.now();
    await sleep(AFTERWARDS_MILLISECONDS);
    returned = Date.now();
    await farm.traffic.serve(server, PORT, 'server3');
    await expectServers(3);
    await sleep(AFTERWARDS_MILLISECONDS);
    ended = Date.now();
    requests = await Promise.all(loads.map((load) => load.stop()));
  });

  /** What was asked from a moment until another. */
  const during = (combination: number, from: number, until: number): readonly Request[] =>
    (requests[combination] ?? []).filter(({ started }) => from <= started && started < until);

  describe.each(FARM_COMBINATIONS.map((combination, i) => ({ ...combination, i })))('$method over $family', ({ i }) => {
    it('loses requests until its failure is noticed, and then none', () => {
      const before = (requests[i] ?? []).filter(({ ended }) => ended < died);
      expect(countServers(before)).not.toHaveProperty('nobody');
      expect(countServers(during(i, died, noticed))).toHaveProperty('nobody');
      const later = countServers(during(i, noticed, returned));
      expect(Object.keys(later).sort()).toEqual(['server1', 'server2']);
      expect(countServers(during(i, died + BOUND_MILLISECONDS, returned))).not.toHaveProperty('nobody');
    });

    it('is asked again after its return, and nothing is lost by that', () => {
      const counts = countServers(during(i, returned, ended));
      expect(Object.keys(counts).sort()).toEqual(['server1', 'server2', 'server3']);
    });
  });
});
