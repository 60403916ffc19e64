/**
 * `node follow-files.js FOLDER`: the controller on a folder of 10,000 declared services, from an empty table: the first
 * fill, changes of one weight, rounds with nothing to do, rest, and a restart. Prints figures, a name and a value each.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controlled, floor, median, record } from './controlled.js';
import type { FullRound } from './controlled.js';
import { fileOf, SERVERS, SERVICES, serviceName } from './inputs.js';

const EDITS = 7;
const RESYNC_SECONDS = 40;
const IDLE_SECONDS = 15;

const [folder = 'declared'] = process.argv.slice(2);
const flags = ['-f', folder, '--resync', String(RESYNC_SECONDS)];

/** Gives the first server of a service the weight 2, from the rename to the kernel. */
async function changeWeight(service: number): Promise<number> {
  const path = join(folder, fileOf(service));
  const text = readFileSync(path, 'utf8');
  const place = text.indexOf('weight: 1', text.indexOf(serviceName(service)));
  writeFileSync(`${folder}.new`, `${text.slice(0, place)}weight: 2${text.slice(place + 'weight: 1'.length)}`);
  const seconds = await floor('follow', service, SERVERS, SERVERS + 1, `${folder}.new`, path);
  console.error(`the weight of a server of ${serviceName(service)}: ${seconds} s`);
  return seconds;
}

async function measureResync(controller: Controlled): Promise<void> {
  let { lastFullRound } = await controller.settled(SERVICES);
  const durations: number[] = [];
  const pause = await controller.pauseDuring(async () => {
    for (let round = 0; round < 2; round++) {
      const before = endOf(lastFullRound);
      ({ lastFullRound } = await controller.until('a full round', (now) => endOf(now.lastFullRound) > before + 1000));
      durations.push(lastFullRound?.durationMilliseconds ?? NaN);
    }
  });
  record('resync.seconds', Math.min(...durations) / 1000);
  record('resync.pause-milliseconds', pause);
  const before = controller.cpuSeconds();
  await sleep(IDLE_SECONDS * 1000);
  record('idle-controller.percent', ((controller.cpuSeconds() - before) / IDLE_SECONDS) * 100);
}

/** Told as a time of the day, which may be off by some milliseconds. */
function endOf(round: FullRound | null): number {
  return round === null ? 0 : Date.parse(round.endedAt);
}

const started = performance.now();
const first = new Controlled(flags);
await first.answering();
const fillPause = await first.pauseDuring(() => first.settled(SERVICES));
record('fill.seconds', (performance.now() - started) / 1000);
record('fill.pause-milliseconds', fillPause);
await measureResync(first);
const edits: number[] = [];
for (let edit = 0; edit < EDITS; edit++) {
  edits.push(await changeWeight(SERVICES - 1 - edit * 1234));
  await sleep(3000);
}
record('file-edit.seconds', median(edits));
record('controller.megabytes', first.peakMegabytes());
await first.stop();

const second = new Controlled(flags);
await second.settled(SERVICES);
const changes = second.log.split('\n').filter((line) => / changes? in |weight|added|removed/.test(line));
record('restart.operations', changes.length);
await second.stop();
if (changes.length > 0) console.error(changes.join('\n'));
