import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { declare, eventually, startController } from './controller.js';
import { buildFarm, FARM_METHODS, virtualAddressesOf } from './farm.js';
import type { Farm, FarmServer } from './farm.js';
import { endpointText, readFarmTable } from './farm-table.js';
import type { Weights } from './farm-table.js';
import { runWell } from './process.js';
import type { Running } from './process.js';
import { openWorkplace } from './product.js';
import type { Workplace } from './product.js';
import { countServers } from './traffic.js';
import type { Download, Load, LoadOptions, Request } from './traffic.js';
import { virtualService, yamlStream } from './yaml.js';

// Drains, slow start, sorry servers and silence under load, all at once: each has a port of its own.

const LEAVING_PORT = 8080;
const RETURNING_PORT = 8081;
const SORRY_PORT = 8082;
const SILENT_PORT = 8083;

const RESYNC_SECONDS = 1;
const CHECK = { name: 'page', type: 'HTTP', intervalSeconds: 1, timeoutSeconds: 1, fall: 2 };
const PATIENT_CHECK = { ...CHECK, intervalSeconds: 3, timeoutSeconds: 3 };
const RAMP_SECONDS = 12;
/** How long downloads from a server that drains last at least. */
const DOWNLOAD_SECONDS = Number(process.env['E2E_DOWNLOAD_SECONDS'] ?? 10);

const combinations = FARM_METHODS.flatMap((method) =>
  Object.entries(virtualAddressesOf(method)).map(([family, address]) => ({ method, family, address })),
);
const ADDRESS = virtualAddressesOf('Masquerade').IPv4;

/** Other tests may start all at once with this one. */
const STARTED_WITHIN_MILLISECONDS = 300_000;

let farm: Farm;
let workplace: Workplace;
let running: Running;
let servers: readonly [FarmServer, FarmServer, FarmServer];
let sorry: FarmServer;
let silent: FarmServer;

beforeAll(async () => {
  workplace = await openWorkplace();
  farm = await buildFarm(5);
  const [one, two, three, four, five] = farm.servers as [FarmServer, FarmServer, FarmServer, FarmServer, FarmServer];
  [servers, sorry, silent] = [[one, two, three], four, five];
  for (const server of servers) {
    for (const port of [LEAVING_PORT, RETURNING_PORT, SORRY_PORT]) await revive(server, port);
  }
  await revive(sorry, SORRY_PORT);
  for (const server of [one, two, silent]) await revive(server, SILENT_PORT);
  await declareLeaving(servers);
  await declareMasqueraded('returning', RETURNING_PORT, {
    scheduler: 'mh',
    schedulerFlags: ['mh-port'],
    slowStart: { durationSeconds: RAMP_SECONDS },
    health: { checks: [PATIENT_CHECK] },
    realServers: addressed(servers),
  });
  await declareMasqueraded('sorry', SORRY_PORT, {
    drain: { timeoutSeconds: 60 },
    realServers: addressed(servers),
    sorryServers: addressed([sorry]),
  });
  await declareMasqueraded('silent', SILENT_PORT, { realServers: addressed([one, two, silent]) });
  await start();
}, STARTED_WITHIN_MILLISECONDS);

afterAll(async () => {
  running.kill();
  await running.outcome;
  await farm.close();
  await workplace.remove();
});

const start = () => startController(workplace, (process) => (running = process), '--resync', String(RESYNC_SECONDS));
const revive = ({ namespace, name }: FarmServer, port: number) => farm.traffic.serve(namespace, port, name);
const kill = ({ namespace }: FarmServer, port: number) => farm.traffic.kill(namespace, port);
const addressed = (some: readonly FarmServer[]) => some.map(({ ipv4 }) => ({ address: ipv4 }));

/** Services with every method in both families. */
async function declareLeaving(realServers: readonly FarmServer[]): Promise<void> {
  const services = FARM_METHODS.map((method) =>
    virtualService('farm', method.toLowerCase(), {
      addresses: Object.values(virtualAddressesOf(method)),
      ports: [{ port: LEAVING_PORT }],
      scheduler: 'rr',
      forwarding: { method },
      drain: { timeoutSeconds: 300 },
      realServers: realServers.flatMap(({ ipv4, ipv6 }) => [{ address: ipv4 }, { address: ipv6 }]),
      health: { checks: [PATIENT_CHECK] },
    }),
  );
  await declare(workplace, 'leaving', yamlStream(services));
}

async function declareMasqueraded(name: string, port: number, spec: object): Promise<void> {
  const fixed = { addresses: [ADDRESS], ports: [{ port }], scheduler: 'rr', health: { checks: [CHECK] } };
  await declare(workplace, name, yamlStream([virtualService('farm', name, { ...fixed, ...spec })]));
}

function startLoad(port: number, options: Partial<LoadOptions> = {}): Promise<Load> {
  return farm.traffic.startLoad({ namespace: farm.client, address: ADDRESS, port, pauseMilliseconds: 50, ...options });
}

const during = (requests: readonly Request[], from: number, until: number): readonly Request[] =>
  requests.filter(({ started }) => from <= started && started < until);
const namesOf = (requests: readonly Request[]): readonly string[] => Object.keys(countServers(requests)).sort();
const lostOf = (requests: readonly Request[]): readonly Request[] => requests.filter(({ error }) => error !== null);

async function readWeights(port: number): Promise<Weights> {
  return (await readFarmTable(farm))[endpointText(ADDRESS, port)] ?? {};
}

async function expectLeaving(wanted: Weights): Promise<void> {
  await eventually(
    () => readFarmTable(farm),
    (table) => {
      for (const { address } of combinations) expect(table[endpointText(address, LEAVING_PORT)]).toEqual(wanted);
    },
  );
}

async function operate(...args: readonly string[]): Promise<void> {
  const { status, stderr } = await workplace.operator(args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

async function startDownload(server: FarmServer, address: string): Promise<Download> {
  for (;;) {
    const download = await farm.traffic.startDownload(farm.client, address, LEAVING_PORT);
    if ((await download.look()).server === server.name) return download;
    await download.close();
  }
}

/** As somebody does who does not know of the controller. */
async function meddle({ ipv4, ipv6 }: FarmServer): Promise<void> {
  const options = { Masquerade: '-m', DirectRouting: '-g', Tunnel: '-i' };
  const lines = combinations.map(({ method, address }) => {
    const server = endpointText(address.includes(':') ? ipv6 : ipv4, LEAVING_PORT);
    return `-e -t ${endpointText(address, LEAVING_PORT)} -r ${server} ${options[method]} -w 7\n`;
  });
  await runWell(['ipvsadm', '-R'], { stdin: lines.join('') });
}

it.concurrent('servers leave and return without a lost request, and downloads from them go on', async () => {
  const [stays, drained, leaves] = servers;
  const whole = { [stays.name]: 1, [drained.name]: 1, [leaves.name]: 1 };
  const without = { [stays.name]: 1, [drained.name]: 1 };
  const downloads: Download[] = [];
  for (const { address } of combinations) downloads.push(await startDownload(leaves, address));
  const begun = Date.now();
  const loads: Load[] = [];
  for (const { address } of combinations) {
    loads.push(await startLoad(LEAVING_PORT, { address, pauseMilliseconds: 250 }));
  }

  await declareLeaving([stays, drained]);
  await expectLeaving({ ...without, [leaves.name]: 0 });
  const left = Date.now();
  await operate('drain', `${drained.ipv4}:${LEAVING_PORT}`, '--wait', '--timeout', '60');
  const alone = Date.now();
  await sleep(1000);
  const together = Date.now();
  await operate('undrain', `${drained.ipv4}:${LEAVING_PORT}`);
  let seconds = 0;
  for (let i = 0; i < 2 || seconds < DOWNLOAD_SECONDS; i++) {
    await meddle(leaves);
    await expectLeaving({ ...without, [leaves.name]: 0 });
    seconds = (Date.now() - begun) / 1000;
  }
  const looks = await Promise.all(downloads.map((download) => download.look()));
  await Promise.all(downloads.map((download) => download.close()));
  await expectLeaving(without);
  const gone = Date.now();
  await sleep(1000);
  const back = Date.now();
  await declareLeaving(servers);
  await expectLeaving(whole);
  await sleep(1000);
  const results = await Promise.all(loads.map((load) => load.stop()));

  for (const [i, { method, family, address }] of combinations.entries()) {
    const text = `${method} over ${family}`;
    const requests = results[i] ?? [];
    const [look] = looks.slice(i);
    expect({ text, ...look }).toMatchObject({ server: leaves.name, error: null });
    expect(look?.ticks).toBeGreaterThan(seconds * 4);
    expect({ text, lost: lostOf(requests) }).toEqual({ text, lost: [] });
    const others = address.includes(':') ? [stays.name, drained.name] : [stays.name];
    expect(namesOf(during(requests, left, alone))).not.toContain(leaves.name);
    expect(namesOf(during(requests, alone, together))).toEqual(others);
    expect(namesOf(during(requests, gone, back))).toEqual([stays.name, drained.name]);
    expect(namesOf(during(requests, back, Infinity))).toEqual([stays.name, drained.name, leaves.name]);
  }
});

it.concurrent('the share of a server that returns rises as its weight does', async () => {
  const [, , returns] = servers;
  const readWeight = async () => (await readWeights(RETURNING_PORT))[returns.name];
  await kill(returns, RETURNING_PORT);
  await eventually(readWeight, (weight) => {
    expect(weight).toBeUndefined();
  });
  const load = await startLoad(RETURNING_PORT, { clients: 2, pauseMilliseconds: 30 });
  await revive(returns, RETURNING_PORT);
  /** What the weight was, and since when it was seen. */
  const steps: { readonly weight: number; readonly since: number }[] = [];
  await eventually(readWeight, (weight = 0) => {
    if (weight !== (steps.at(-1)?.weight ?? 0)) steps.push({ weight, since: Date.now() });
    expect(weight).toBe(100);
  });
  const requests = await load.stop();

  const weights = steps.map(({ weight }) => weight);
  expect(lostOf(requests)).toEqual([]);
  expect(weights[0]).toBeLessThan(40);
  expect(weights.length).toBeGreaterThan(4);
  expect(weights).toEqual([...weights].sort((a, b) => a - b));
  // Hashes of ports are as good as dice. The two other servers have a weight of 100 each.
  const third = Math.ceil(steps.length / 3);
  const thirds = [0, 1, 2].map((i) => {
    const [from, until] = [steps[i * third]?.since, steps[(i + 1) * third]?.since];
    return during(requests, from ?? Infinity, until ?? Infinity);
  });
  for (const some of thirds) {
    const chances = some.map(({ started }) => {
      const weight = steps.findLast(({ since }) => since <= started)?.weight ?? 0;
      return weight / (200 + weight);
    });
    const expected = sum(chances);
    const deviation = Math.sqrt(sum(chances.map((chance) => chance * (1 - chance))));
    const served = countServers(some)[returns.name] ?? 0;
    expect(Math.abs(served - expected), `${served} of ${some.length}, not ${expected}`).toBeLessThan(4 * deviation + 1);
  }
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

it.concurrent('a sorry server answers where all are dead, until one is back, and nothing is lost by that', async () => {
  const [back] = servers;
  const expectKernel = (wanted: Weights) =>
    eventually(
      () => readWeights(SORRY_PORT),
      (found) => {
        expect(found).toEqual(wanted);
      },
    );
  const load = await startLoad(SORRY_PORT);
  await Promise.all(servers.map((server) => kill(server, SORRY_PORT)));
  await expectKernel({ [sorry.name]: 1 });
  const dead = Date.now();
  await sleep(1000);
  const returned = Date.now();
  await revive(back, SORRY_PORT);
  await expectKernel({ [back.name]: 1 });
  const served = Date.now();
  await sleep(1000);
  const requests = await load.stop();
  expect(lostOf(during(requests, dead, Infinity))).toEqual([]);
  expect(namesOf(during(requests, dead, returned))).toEqual([sorry.name]);
  expect(namesOf(during(requests, served, Infinity))).toEqual([back.name]);
});

it.concurrent('a server that falls silent is asked until that is noticed, and then no more', async () => {
  const [one, two] = servers;
  const load = await startLoad(SILENT_PORT, { clients: 4, timeoutMilliseconds: 2000 });
  await sleep(500);
  await farm.setSilent(silent, true);
  const since = Date.now();
  await eventually(
    () => readWeights(SILENT_PORT),
    (found) => {
      expect(found).toEqual({ [one.name]: 1, [two.name]: 1 });
    },
  );
  const noticed = Date.now();
  await sleep(1000);
  const requests = await load.stop();
  expect(lostOf(during(requests, since, noticed))).not.toEqual([]);
  expect(namesOf(during(requests, noticed, Infinity))).toEqual([one.name, two.name]);
});

it('a drain goes on after its controller was killed', async () => {
  const [stays, drained, leaves] = servers;
  const rest = { [stays.name]: 1, [drained.name]: 1 };
  const downloads: Download[] = [];
  for (const { address } of combinations) downloads.push(await startDownload(leaves, address));
  const loads: Load[] = [];
  for (const { address } of combinations) {
    loads.push(await startLoad(LEAVING_PORT, { address, pauseMilliseconds: 250 }));
  }
  await declareLeaving([stays, drained]);
  await expectLeaving({ ...rest, [leaves.name]: 0 });
  running.kill();
  await running.outcome;
  const before = await Promise.all(downloads.map((download) => download.look()));
  await start();
  await expectLeaving({ ...rest, [leaves.name]: 0 });
  const after = await Promise.all(downloads.map((download) => download.look()));
  await Promise.all(downloads.map((download) => download.close()));
  await expectLeaving(rest);
  const results = await Promise.all(loads.map((load) => load.stop()));
  for (const [i, { method, family }] of combinations.entries()) {
    const text = `${method} over ${family}`;
    expect({ text, ...after[i] }).toMatchObject({ server: leaves.name, error: null });
    expect(after[i]?.ticks, text).toBeGreaterThan(before[i]?.ticks ?? Infinity);
    expect({ text, lost: lostOf(results[i] ?? []) }).toEqual({ text, lost: [] });
  }
});
