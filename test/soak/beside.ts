/**
 * `node beside.js FOLDER`: how long a changed weight takes in a controller that asks nobody, and in one that asks 5,000
 * servers once a second. Writes what came of it to FOLDER/latency.md. Exits 1 where it took too long.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureLatency } from './latency.js';
import type { Latency } from './latency.js';
import { LOADS, TCP_LOAD } from './loads.js';
import { LineProcess, machineText } from './processes.js';

const TARGET_MILLISECONDS = 150;

function row(what: string, { milliseconds, cpuPercent }: Latency): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const [median, longest] = [sorted[sorted.length >> 1] ?? NaN, sorted.at(-1) ?? NaN];
  if (!(median < TARGET_MILLISECONDS)) process.exitCode = 1;
  return `| ${what} | ${median.toFixed(0)} / ${longest.toFixed(0)} ms | ${cpuPercent.toFixed(1)} % |`;
}

const [folder = '.'] = process.argv.slice(2);
const server = new LineProcess(
  join(folder, 'server'),
  LOADS.map(({ port }) => port),
);
await server.nextLine();
const declarations = join(folder, 'latency');
const report = [
  machineText(),
  '',
  '| the controller asks | a weight in a file: median / longest | processor |',
  '| --- | --- | --- |',
  row('nobody', await measureLatency(declarations, undefined)),
  row(`${TCP_LOAD.servers} servers over TCP, once a second`, await measureLatency(declarations, TCP_LOAD)),
  '',
].join('\n');
await server.stop();
writeFileSync(join(folder, 'latency.md'), report);
console.log(report);
