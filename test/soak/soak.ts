/**
 * `node soak.js SECONDS FOLDER`: asks 5,000 servers over TCP, then 2,000 over HTTP, each once a second and for so long, by
 * this program's probes and then, for at most a minute, by keepalived's. Writes what came of it to FOLDER/report.md.
 * Exits 1 where a probe of ours was left out, failed, or left a socket open.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepalivedConfiguration, LOADS } from './loads.js';
import type { Load } from './loads.js';
import { childOf, cpuSeconds, LineProcess, machineText } from './processes.js';
import type { ProberReport } from './prober.js';

/** First probes are spread over an interval, code is compiled, keepalived starts its checkers. */
const WARM_UP_MILLISECONDS = 10_000;
const MOST_SECONDS_OF_KEEPALIVED = 60;

interface Cost {
  readonly probesPerSecond: number;
  /** Of one processor. */
  readonly cpuPercent: number;
}

/** What a process costs in this time, and how many probes the server has had of it. */
async function measure(load: Load, server: LineProcess, pid: number, seconds: number): Promise<Cost> {
  const count = async (): Promise<number> => {
    server.send('count');
    const [connections, requests] = (await server.nextLine()).split(' ').map(Number);
    return (load.name === 'TCP' ? connections : requests) ?? 0;
  };
  const [began, probes, cpu] = [performance.now(), await count(), cpuSeconds(pid)];
  await sleep(seconds * 1_000);
  const elapsed = (performance.now() - began) / 1_000;
  return {
    cpuPercent: ((cpuSeconds(pid) - cpu) * 100) / elapsed,
    probesPerSecond: ((await count()) - probes) / elapsed,
  };
}

async function soakOurs(load: Load, server: LineProcess, seconds: number): Promise<Cost & ProberReport> {
  const program = fileURLToPath(new URL('prober.js', import.meta.url));
  const prober = new LineProcess(process.execPath, [program, load.name, load.servers, load.port]);
  await sleep(WARM_UP_MILLISECONDS);
  prober.send('begin');
  const cost = await measure(load, server, prober.pid, seconds);
  prober.send('end');
  return { ...cost, ...(JSON.parse(await prober.nextLine()) as ProberReport) };
}

async function soakKeepalived(load: Load, server: LineProcess, folder: string, seconds: number): Promise<Cost> {
  const configuration = join(folder, 'keepalived.conf');
  writeFileSync(configuration, keepalivedConfiguration(load));
  const files = ['--use-file', configuration, '--pid', join(folder, 'keepalived.pid')];
  const checkers = ['--checkers_pid', join(folder, 'checkers.pid')];
  const keepalived = new LineProcess('keepalived', ['--dont-fork', '--check', '--no-syslog', ...files, ...checkers], {
    LD_PRELOAD: join(folder, 'no-ipvs.so'),
  });
  await sleep(WARM_UP_MILLISECONDS);
  const cost = await measure(load, server, childOf(keepalived.pid), seconds);
  await keepalived.stop();
  return cost;
}

function perProbe({ cpuPercent, probesPerSecond }: Cost): string {
  return `${((cpuPercent * 10_000) / probesPerSecond).toFixed(0)} µs`;
}

function costCells(cost: Cost): string {
  return `${cost.probesPerSecond.toFixed(0)} | ${cost.cpuPercent.toFixed(1)} % | ${perProbe(cost)}`;
}

function failureText({ failures }: ProberReport): string {
  return (
    Object.entries(failures)
      .map(([text, count]) => `${count} x ${text}`)
      .join(', ') || 'none'
  );
}

const [secondsText, folder = '.'] = process.argv.slice(2);
const seconds = Number(secondsText);
const server = new LineProcess(
  join(folder, 'server'),
  LOADS.map(({ port }) => port),
);
await server.nextLine();
const costs: string[] = [];
const qualities: string[] = [];
for (const load of LOADS) {
  const ours = await soakOurs(load, server, seconds);
  const theirSeconds = Math.min(seconds, MOST_SECONDS_OF_KEEPALIVED);
  const theirs = await soakKeepalived(load, server, folder, theirSeconds);
  const asked = `${load.name}, ${load.servers} a second`;
  costs.push(`| ${asked} | ours, ${seconds} s | ${costCells(ours)} |`);
  costs.push(`| | keepalived, ${theirSeconds} s | ${costCells(theirs)} |`);
  const { p50, p99, longest } = ours.jitterMilliseconds;
  const jitter = [p50, p99, longest].map((milliseconds) => milliseconds.toFixed(1)).join(' / ');
  const state = `${ours.missed} | ${failureText(ours)} | ${ours.socketsLeft} | ${ours.megabytes} MB`;
  qualities.push(`| ${load.name} | ${jitter} ms | ${ours.driftMilliseconds.toFixed(2)} ms | ${state} |`);
  if (ours.missed > 0 || ours.socketsLeft > 0 || Object.keys(ours.failures).length > 0) process.exitCode = 1;
}
await server.stop();
const report = [
  machineText(),
  '',
  '| what | who | probes a second | processor | for a probe |',
  '| --- | --- | --- | --- | --- |',
  ...costs,
  '',
  '| ours | jitter: median / 99 % / longest | drift | left out | failed | sockets left | memory |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...qualities,
  '',
].join('\n');
writeFileSync(join(folder, 'report.md'), report);
console.log(report);
