import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { declare, eventually, startController } from './controller.js';
import { buildFarm, FARM_COMBINATIONS, FARM_METHODS, virtualAddressesOf } from './farm.js';
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

// Drains, slow start, sorry servers and silence under load, with every method in both families, all at once: each has a
// port of its own.

const LEAVING_PORT = 8080;
const RETURNING_PORT = 8081;
const SORRY_PORT = 8082;
const SILENT_PORT = 8083;

const RESYNC_SECONDS = 1;
const CHECK = { name: 'page', type: 'HTTP', intervalSeconds: 1, timeoutSeconds: 1, fall: 2 };
/** The last of `fall` checks begins that many intervals after a death at most, and ends by its timeout. */
const BOUND_MILLISECONDS = (CHECK.fall * CHECK.intervalSeconds + CHECK.timeoutSeconds) * 1000;
/** What an emulated machine takes besides. `test/failover/run` measures without it. */
const BUSY_MILLISECONDS = 10_000;
const PATIENT_CHECK = { ...CHECK, intervalSeconds: 3, timeoutSeconds: 3 };
const RAMP_SECONDS = 24;
/** How long clients wait for an answer of the server that falls silent. */
const PATIENCE_MILLISECONDS = 2000;
/** How long downloads from a server that drains last at least. */
const DOWNLOAD_SECONDS = Number(process.env['E2E_DOWNLOAD_SECONDS'] ?? 10);

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
  await declareEverywhere('returning', RETURNING_PORT, {
    scheduler: 'mh',
    schedulerFlags: ['mh-port'],
    slowStart: { durationSeconds: RAMP_SECONDS },
    health: { checks: [PATIENT_CHECK] },
    realServers: addressed(servers),
  });
  await declareEverywhere('sorry', SORRY_PORT, {
    drain: { timeoutSeconds: 60 },
    realServers: addressed(servers),
    sorryServers: addressed([sorry]),
  });
  await declareEverywhere('silent', SILENT_PORT, { realServers: addressed([one, two, silent]) });
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
const addressed = (some: readonly FarmServer[]) =>
  some.flatMap(({ ipv4, ipv6 }) => [{ address: ipv4 }, { address: ipv6 }]);

async function declareLeaving(realServers: readonly FarmServer[]): Promise<void> {
  await declareEverywhere('leaving', LEAVING_PORT, {
    drain: { timeoutSeconds: 300 },
    realServers: addressed(realServers),
    health: { checks: [PATIENT_CHECK] },
  });
}

/** Services with every method in both families. */
async function declareEverywhere(name: string, port: number, spec: object): Promise<void> {
  const services = FARM_METHODS.map((method) =>
    virtualService('farm', `${name}-${method.toLowerCase()}`, {
      addresses: Object.values(virtualAddressesOf(method)),
      ports: [{ port }],
      scheduler: 'rr',
      forwarding: { method },
      health: { checks: [CHECK] },
      ...spec,
    }),
  );
  await declare(workplace, name, yamlStream(services));
}

/** On every combination. */
async function startLoads(port: number, options: Partial<LoadOptions> = {}): Promise<readonly Load[]> {
  const { client: namespace, traffic } = farm;
  const fixed = { namespace, port, pauseMilliseconds: 250 };
  return Promise.all(FARM_COMBINATIONS.map(({ address }) => traffic.startLoad({ ...fixed, address, ...options })));
}

/** By combination. */
async function stopLoads(loads: readonly Load[]): Promise<readonly Answered[]> {
  const requests = await Promise.all(loads.map((load) => load.stop()));
  return FARM_COMBINATIONS.map(({ method, family, address }, i) => ({
    text: `${method} over ${family}`,
    address,
    requests: requests[i] ?? [],
  }));
}

interface Answered {
  readonly text: string;
  readonly address: string;
  readonly requests: readonly Request[];
}

const during = (requests: readonly Request[], from: number, until: number): readonly Request[] =>
  requests.filter(({ started }) => from <= started && started < until);
const namesOf = (requests: readonly Request[]): readonly string[] => Object.keys(countServers(requests)).sort();
const lostOf = (requests: readonly Request[]): readonly Request[] => requests.filter(({ error }) => error !== null);

/** Until every combination has these. */
async function expectWeights(port: number, wanted: Weights): Promise<void> {
  await eventually(
    () => readFarmTable(farm),
    (table) => {
      for (const { address } of FARM_COMBINATIONS) expect(table[endpointText(address, port)]).toEqual(wanted);
    },
  );
}

const expectLeaving = (wanted: Weights) => expectWeights(LEAVING_PORT, wanted);

async function operate(...args: readonly string[]): Promise<void> {
  const { status, stderr } = await workplace.operator(args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

/** From this server, whose turn comes. */
async function startDownload(server: FarmServer, address: string): Promise<Download> {
  for (let tries = 0; tries < 100; tries++) {
    const download = await farm.traffic.startDownload(farm.client, address, LEAVING_PORT);
    if ((await download.look()).server === server.name) return download;
    await download.close();
    // Its checks need the processor too.
    await sleep(50);
  }
  throw new Error(`${server.name} does not serve ${address}`);
}

/** As somebody does who does not know of the controller. */
async function meddle({ ipv4, ipv6 }: FarmServer): Promise<void> {
  const options = { Masquerade: '-m', DirectRouting: '-g', Tunnel: '-i' };
  const lines = FARM_COMBINATIONS.map(({ method, address }) => {
    const server = endpointText(address.includes(':') ? ipv6 : ipv4, LEAVING_PORT);
    return `-e -t ${endpointText(address, LEAVING_PORT)} -r ${server} ${options[method]} -w 7\n`;
  });
  await runWell(['ipvsadm', '-R'], { stdin: lines.join('') });
}

it.concurrent('servers leave and return without a lost request, and downloads from them go on', async () => {
  const [stays, drained, leaves] = servers;
  const whole = { [stays.name]: 1, [drained.name]: 1, [leaves.name]: 1 };
  const without = { [stays.name]: 1, [drained.name]: 1 };
  await expectLeaving(whole);
  const downloads: Download[] = [];
  for (const { address } of FARM_COMBINATIONS) downloads.push(await startDownload(leaves, address));
  const begun = Date.now();
  const loads = await startLoads(LEAVING_PORT);

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

  for (const [i, { text, address, requests }] of (await stopLoads(loads)).entries()) {
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
  const [stays, other, returns] = servers;
  await kill(returns, RETURNING_PORT);
  await expectWeights(RETURNING_PORT, { [stays.name]: 100, [other.name]: 100 });
  const loads = await startLoads(RETURNING_PORT, { pauseMilliseconds: 100 });
  await revive(returns, RETURNING_PORT);
  /** What the weight was, and since when it was seen. */
  const seen = new Map(FARM_COMBINATIONS.map(({ address }) => [address, new Array<Step>()]));
  await eventually(
    () => readFarmTable(farm),
    (table) => {
      for (const [address, steps] of seen) {
        const { [returns.name]: weight = 0 } = table[endpointText(address, RETURNING_PORT)] ?? {};
        if (weight !== (steps.at(-1)?.weight ?? 0)) steps.push({ weight, since: Date.now() });
      }
      for (const steps of seen.values()) expect(steps.at(-1)?.weight).toBe(100);
    },
  );
  for (const { text, address, requests } of await stopLoads(loads)) {
    const steps = seen.get(address) ?? [];
    const weights = steps.map(({ weight }) => weight);
    expect({ text, lost: lostOf(requests) }).toEqual({ text, lost: [] });
    expect(weights[0], text).toBeLessThan(40);
    expect(weights.length, text).toBeGreaterThan(3);
    expect(weights, text).toEqual([...weights].sort((a, b) => a - b));
    expectShares(text, requests, steps, returns.name);
  }
});

interface Step {
  readonly weight: number;
  readonly since: number;
}

/** Hashes of ports are as good as dice. The two other servers have a weight of 100 each. */
function expectShares(text: string, requests: readonly Request[], steps: readonly Step[], name: string): void {
  const third = Math.ceil(steps.length / 3);
  for (const i of [0, 1, 2]) {
    const [from, until] = [steps[i * third]?.since, steps[(i + 1) * third]?.since];
    const some = during(requests, from ?? Infinity, until ?? Infinity);
    const chances = some.map(({ started }) => {
      const weight = steps.findLast(({ since }) => since <= started)?.weight ?? 0;
      return weight / (200 + weight);
    });
    const expected = sum(chances);
    const deviation = Math.sqrt(sum(chances.map((chance) => chance * (1 - chance))));
    const served = countServers(some)[name] ?? 0;
    const what = `${text}: ${served} of ${some.length}, not ${expected}`;
    expect(Math.abs(served - expected), what).toBeLessThan(4 * deviation + 1);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

it.concurrent('a sorry server answers where all are dead, until one is back, and nothing is lost by that', async () => {
  const [back] = servers;
  const loads = await startLoads(SORRY_PORT);
  await Promise.all(servers.map((server) => kill(server, SORRY_PORT)));
  await expectWeights(SORRY_PORT, { [sorry.name]: 1 });
  const dead = Date.now();
  await sleep(1000);
  const returned = Date.now();
  await revive(back, SORRY_PORT);
  await expectWeights(SORRY_PORT, { [back.name]: 1 });
  const served = Date.now();
  await sleep(1000);
  for (const { text, requests } of await stopLoads(loads)) {
    expect({ text, lost: lostOf(during(requests, dead, Infinity)) }).toEqual({ text, lost: [] });
    expect({ text, names: namesOf(during(requests, dead, returned)) }).toEqual({ text, names: [sorry.name] });
    expect({ text, names: namesOf(during(requests, served, Infinity)) }).toEqual({ text, names: [back.name] });
  }
});

it.concurrent('a server that falls silent is asked until that is noticed, and then no more', async () => {
  const [one, two] = servers;
  const loads = await startLoads(SILENT_PORT, { timeoutMilliseconds: PATIENCE_MILLISECONDS });
  await sleep(500);
  await farm.setSilent(silent, true);
  const since = Date.now();
  await expectWeights(SILENT_PORT, { [one.name]: 1, [two.name]: 1 });
  const noticed = Date.now();
  expect(noticed - since).toBeLessThan(BOUND_MILLISECONDS + BUSY_MILLISECONDS);
  // A client may have asked the silent one just before.
  await sleep(2 * PATIENCE_MILLISECONDS);
  for (const { text, requests } of await stopLoads(loads)) {
    expect(lostOf(during(requests, since, noticed)), text).not.toEqual([]);
    const names = namesOf(during(requests, noticed, Infinity));
    expect({ text, names }).toEqual({ text, names: [one.name, two.name] });
  }
});

it('a drain goes on after its controller was killed', async () => {
  const [stays, drained, leaves] = servers;
  const rest = { [stays.name]: 1, [drained.name]: 1 };
  const downloads: Download[] = [];
  for (const { address } of FARM_COMBINATIONS) downloads.push(await startDownload(leaves, address));
  const loads = await startLoads(LEAVING_PORT);
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
  for (const [i, { text, requests }] of (await stopLoads(loads)).entries()) {
    expect({ text, ...after[i] }).toMatchObject({ server: leaves.name, error: null });
    expect(after[i]?.ticks, text).toBeGreaterThan(before[i]?.ticks ?? Infinity);
    expect({ text, lost: lostOf(requests) }).toEqual({ text, lost: [] });
  }
});
