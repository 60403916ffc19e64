import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileOf, SERVERS, SERVICES, serviceName, writeInputs } from '../../bench/inputs.js';
import { askSocket } from '../../src/adapters/http/index.js';
import type { Applied } from './followed.js';
import { servicesOf } from './loads.js';
import type { Load } from './loads.js';
import { cpuSeconds, LineProcess } from './processes.js';

const EDITS = 15;
const PAUSE_MILLISECONDS = 2_000;
const PATIENCE_MILLISECONDS = 120_000;

/** What one changed weight in a file costs a controller with many services. */
export interface Latency {
  /** From the rename of the file to the moment when the controller writes to the kernel, of each edit. */
  readonly milliseconds: readonly number[];
  /** Of one processor, while there are edits. */
  readonly cpuPercent: number;
}

/**
 * The controller follows 10,000 services with 10 servers each, and, where a load is given, asks its servers besides.
 *
 * @param folder for declarations and state; it is emptied
 */
export async function measureLatency(folder: string, load: Load | undefined): Promise<Latency> {
  rmSync(folder, { recursive: true, force: true });
  writeInputs(folder);
  const declared = join(folder, 'declared');
  if (load !== undefined) writeFileSync(join(declared, 'asked.yaml'), servicesOf(load));
  mkdirSync(join(folder, 'state'));
  const program = fileURLToPath(new URL('followed.js', import.meta.url));
  const controller = new LineProcess(process.execPath, [program, folder, declared]);
  const total = SERVICES * (1 + SERVERS) + (load === undefined ? 0 : load.servers + Math.ceil(load.servers / 100));
  for (let operations = 0; operations < total;) operations += (await nextApplied(controller)).operations;
  await untilSettled(join(folder, 'state', 'control.sock'));
  const [began, cpu] = [performance.now(), cpuSeconds(controller.pid)];
  const milliseconds: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    await sleep(PAUSE_MILLISECONDS);
    const renamed = changeWeight(folder, edit * 601);
    milliseconds.push((await nextApplied(controller)).atMilliseconds - renamed);
  }
  const cpuPercent = ((cpuSeconds(controller.pid) - cpu) * 100_000) / (performance.now() - began);
  await controller.stop();
  return { milliseconds, cpuPercent };
}

async function nextApplied(controller: LineProcess): Promise<Applied> {
  return JSON.parse(await controller.nextLine()) as Applied;
}

/** Until every server was asked and everything is written. */
async function untilSettled(socket: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while (performance.now() < deadline) {
    const answer = await askSocket(socket, '/status', 10_000);
    if (answer.kind === 'Answer') {
      const { lastFullRound, services } = JSON.parse(answer.body) as Status;
      if (lastFullRound !== null && services.pending === 0) return;
    }
    await sleep(500);
  }
  throw new Error('the controller does not come to rest');
}

interface Status {
  readonly lastFullRound: object | null;
  readonly services: { readonly pending: number };
}

/** Gives the first server of a service the weight 2. Returns the time of the day of the rename. */
function changeWeight(folder: string, service: number): number {
  const path = join(folder, 'declared', fileOf(service));
  const text = readFileSync(path, 'utf8');
  const place = text.indexOf('weight: 1', text.indexOf(serviceName(service)));
  writeFileSync(`${path}.new`, `${text.slice(0, place)}weight: 2${text.slice(place + 'weight: 1'.length)}`);
  const now = performance.timeOrigin + performance.now();
  renameSync(`${path}.new`, path);
  return now;
}
