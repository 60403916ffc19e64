/**
 * `node failover.js REPETITIONS FILE`, in a network namespace of a kernel with IPVS: a real server dies and returns again
 * and again under load, once watched by this program, once by keepalived with the same settings: for services with every
 * forwarding method in both families at once. Writes to the file how long each let requests get lost, and how long a server
 * that was back waited for its first request. Exits 1 where requests were lost for longer than the checks of this program may take.
 */
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildFarm, FARM_COMBINATIONS } from '../e2e/farm.js';
import type { Farm, FarmServer } from '../e2e/farm.js';
import type { Request } from '../e2e/traffic.js';
import { KEEPALIVED, OURS, startDirector, stopDirector } from './directors.js';
import type { Director, Settings } from './directors.js';

type Death = 'Crash' | 'Silence';

/** Of one death and one return, as the clients of one service saw it. */
interface Episode {
  /** From the death to the start of the last request that was lost. */
  readonly lostMilliseconds: number;
  readonly lostRequests: number;
  /** From the return to the start of the first request that it answered. */
  readonly backMilliseconds: number;
}

const PORT = 8080;
const CHECK = { intervalSeconds: 1, timeoutSeconds: 1, fall: 3 };
/** The last of `fall` checks begins that many intervals after the death at most, and ends by its timeout. */
const BOUND_MILLISECONDS = (CHECK.fall * CHECK.intervalSeconds + CHECK.timeoutSeconds) * 1000;
/** How long a server is dead: longer than either program needs. */
const DEAD_MILLISECONDS: Readonly<Record<Death, number>> = { Crash: 6_000, Silence: 9_000 };
const BACK_MILLISECONDS = 5_000;
/** Of each service. */
const LOAD = { clients: 4, pauseMilliseconds: 200, timeoutMilliseconds: 1000 };

async function die(farm: Farm, server: FarmServer, death: Death): Promise<void> {
  if (death === 'Crash') await farm.traffic.kill(server.namespace, PORT);
  else await farm.setSilent(server, true);
}

async function comeBack(farm: Farm, server: FarmServer, death: Death): Promise<void> {
  if (death === 'Crash') await farm.traffic.serve(server.namespace, PORT, server.name);
  else await farm.setSilent(server, false);
}

async function runEpisodes(farm: Farm, server: FarmServer, death: Death): Promise<readonly Episode[]> {
  const fixed = { namespace: farm.client, port: PORT, ...LOAD };
  const loads = await Promise.all(
    FARM_COMBINATIONS.map(({ address }) => farm.traffic.startLoad({ ...fixed, address })),
  );
  // Anywhere in the interval of the checks.
  await sleep(500 + Math.random() * CHECK.intervalSeconds * 1000);
  await die(farm, server, death);
  const died = Date.now();
  await sleep(DEAD_MILLISECONDS[death]);
  await comeBack(farm, server, death);
  const returned = Date.now();
  await sleep(BACK_MILLISECONDS);
  const requests = await Promise.all(loads.map((load) => load.stop()));
  return requests.map((some) => look(some, server, died, returned));
}

function look(requests: readonly Request[], { name }: FarmServer, died: number, returned: number): Episode {
  const lost = requests.filter(({ error, started, ended }) => error !== null && died <= ended && started < returned);
  const first = requests.find(({ server, started }) => server === name && started > returned);
  if (first === undefined) throw new Error(`${name} was not asked again`);
  return {
    lostMilliseconds: lost.reduce((last, { started }) => Math.max(last, started - died), 0),
    lostRequests: lost.length,
    backMilliseconds: first.started - returned,
  };
}

function rangeText(values: readonly number[], digits: number, unit: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const last = sorted.length - 1;
  const median = (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2;
  return `${median.toFixed(digits)}${unit} (${at(0).toFixed(digits)} to ${at(last).toFixed(digits)}${unit})`;
}

function row(death: Death, director: Director, episodes: readonly Episode[]): string {
  const lost = rangeText(
    episodes.map(({ lostMilliseconds }) => lostMilliseconds / 1000),
    1,
    ' s',
  );
  const count = rangeText(
    episodes.map(({ lostRequests }) => lostRequests),
    0,
    '',
  );
  const back = rangeText(
    episodes.map(({ backMilliseconds }) => backMilliseconds / 1000),
    1,
    ' s',
  );
  const what = death === 'Crash' ? 'its process ends' : 'it falls silent';
  return `| ${what} | ${director.name} | ${lost} | ${count} | ${back} |`;
}

const [repetitions, file = ''] = process.argv.slice(2);
const farm = await buildFarm(3);
const settings: Settings = { ...CHECK, port: PORT, servers: farm.servers };
await Promise.all(farm.servers.map(({ namespace, name }) => farm.traffic.serve(namespace, PORT, name)));
const mortal = farm.servers[0] as FarmServer;
const rows: string[] = [];
for (const death of ['Crash', 'Silence'] as const) {
  for (const director of [OURS, KEEPALIVED]) {
    const running = await startDirector(director, settings);
    const episodes: Episode[] = [];
    for (let i = 0; i < Number(repetitions); i++) {
      const some = await runEpisodes(farm, mortal, death);
      episodes.push(...some);
      for (const [at, { method, family }] of FARM_COMBINATIONS.entries()) {
        console.log(death, director.name, method, family, JSON.stringify(some[at]));
      }
    }
    await stopDirector(running);
    rows.push(row(death, director, episodes));
    if (director === OURS && episodes.some(({ lostMilliseconds }) => lostMilliseconds > BOUND_MILLISECONDS)) {
      console.error(`${death}: requests were lost for more than ${BOUND_MILLISECONDS / 1000} s`);
      process.exitCode = 1;
    }
  }
}
await farm.close();
const table = [
  `${repetitions ?? ''} deaths each, seen by ${FARM_COMBINATIONS.length} services, on Linux ${release()}, Node ${process.versions.node}: the median, and from the least to the most.`,
  '',
  '| a server | watched by | from its death to the last request lost | requests lost | from its return to its first request |',
  '| --- | --- | --- | --- | --- |',
  ...rows,
  '',
].join('\n');
writeFileSync(file, table);
console.log(table);
