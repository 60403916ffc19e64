/**
 * `node prober.js TCP|HTTP SERVERS PORT`: asks so many servers of the loopback once a second, with the product's own
 * scheduler and probes, and nothing else. A line on its standard input begins the measurement, the next one ends it:
 * then it prints what came of it as JSON, and ends.
 */
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { probeStarter, ProbeScheduler } from '../../src/adapters/probes/index.js';
import { deriveWanted, readDocuments } from '../../src/desired/index.js';
import { passes } from '../../src/health/verdict.js';
import type { Check } from '../../src/model/index.js';
import { addressesOf, declarationOf } from './loads.js';
import type { Load } from './loads.js';
import { countSockets, Punctuality } from './measures.js';

export interface ProberReport {
  readonly jitterMilliseconds: { readonly p50: number; readonly p99: number; readonly longest: number };
  readonly driftMilliseconds: number;
  /** Probes that were due and not made. */
  readonly missed: number;
  /** How often each verdict was given that is none of success. */
  readonly failures: Readonly<Record<string, number>>;
  readonly socketsLeft: number;
  readonly megabytes: number;
}

async function readCheck(load: Load): Promise<Check> {
  const { documents } = await readDocuments('soak.yaml', declarationOf(load));
  const { wanted } = await deriveWanted(documents);
  const check = [...wanted.services.values()][0]?.policy?.checks[0];
  if (check === undefined) throw new Error('the declaration of the check is refused');
  return check;
}

const [name, servers, port] = process.argv.slice(2);
const load: Load = { name: name === 'TCP' ? 'TCP' : 'HTTP', servers: Number(servers), port: Number(port) };
const check = await readCheck(load);
const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
const socketsBefore = countSockets();
let failures = new Map<string, number>();
let punctuality = new Punctuality(check.intervalMilliseconds);
const start = probeStarter();
const scheduler = new ProbeScheduler({
  random: Math.random,
  start: (target, end) => {
    punctuality.note(target.id, performance.now());
    return start(target, end);
  },
  onVerdict: (_, verdict) => {
    if (passes(verdict)) return;
    const text = `${verdict.code} ${verdict.message}`;
    failures.set(text, (failures.get(text) ?? 0) + 1);
  },
});
const stops = addressesOf(load).map((address) =>
  scheduler.watch({ id: address, address, port: load.port, check, initialState: 'Passing' }, () => undefined),
);

await lines.next();
punctuality = new Punctuality(check.intervalMilliseconds);
failures = new Map();
await lines.next();
const missed = punctuality.missed(performance.now());
const { jitter } = punctuality;
for (const stop of stops) stop();
// What is closed is freed in the next turns.
await sleep(500);
const report: ProberReport = {
  jitterMilliseconds: { p50: jitter.quantile(0.5), p99: jitter.quantile(0.99), longest: jitter.quantile(1) },
  driftMilliseconds: punctuality.driftMilliseconds(),
  missed,
  failures: Object.fromEntries(failures),
  socketsLeft: countSockets() - socketsBefore,
  megabytes: Math.round(process.memoryUsage.rss() / 1e6),
};
console.log(JSON.stringify(report));
process.exit();
