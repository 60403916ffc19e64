import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { openIpvsKernel } from '../../src/adapters/netlink/index.js';
import { createRandom } from '../e2e/random.js';
import { createWorld, planRound, rightLines } from './plan-round.js';
import type { Limits, World } from './plan-round.js';
import { Sampler } from './sampler.js';
import { keyText } from './services.js';
import type { Service } from './services.js';
import { Stage } from './stage.js';
import type { Step } from './steps.js';

export interface ChaosOptions extends Limits {
  readonly seed: number;
  readonly rounds: number;
  readonly print: (line: string) => void;
}

export interface ChaosOutcome {
  readonly seed: number;
  readonly roundsDone: number;
  readonly steps: readonly Step[];
  /** From when everything was brought back until the table was right, for each round. */
  readonly convergenceMilliseconds: readonly number[];
  readonly tableReads: number;
  readonly longestBetweenReadsMilliseconds: number;
  readonly elapsedMilliseconds: number;
  /** What must not have been. After a table that does not get right there are no more rounds. */
  readonly failures: readonly string[];
}

/** A start of the controller beside one of the API server, in an emulated guest. */
const CONVERGED_WITHIN_MILLISECONDS = 120_000;
/** Other tests may start all at once with the first one. */
const STARTED_WITHIN_MILLISECONDS = 300_000;
/** A file that was away for a moment may be missed until then. */
const SETTLED_AFTER_MILLISECONDS = 1500;

/** Rounds of misdeeds, and after each the table must get right: see docs/chaos.md. */
export async function runChaos({ seed, rounds, print, ...limits }: ChaosOptions): Promise<ChaosOutcome> {
  const startedAt = performance.now();
  const random = createRandom(seed);
  const kernel = await openIpvsKernel();
  const sampler = new Sampler(kernel);
  const ending = new AbortController();
  let world = createWorld(random);
  const stage = await Stage.open(world.services.values(), sampler);
  const sampling = sampler.run(ending.signal);
  const steps: Step[] = [];
  const times: number[] = [];
  const failures: string[] = [];
  let text = 'the start';
  try {
    await untilRight(stage, world, STARTED_WITHIN_MILLISECONDS);
    let gaps = 0;
    while (times.length < rounds) {
      sampler.guard([...world.services.values()].map(keyText));
      const round = planRound(world, random, limits);
      world = round.after;
      text = describeRound(times.length + 1, round.steps);
      for (const step of round.steps) await stage.perform(step);
      await stage.heal();
      if (round.steps.some(({ kind }) => kind === 'LoseFile')) await sleep(SETTLED_AFTER_MILLISECONDS);
      times.push(await untilRight(stage, world, CONVERGED_WITHIN_MILLISECONDS));
      steps.push(...round.steps);
      print(`${text}; right after ${Math.round(times.at(-1) ?? 0)} ms`);
      failures.push(...sampler.gaps.slice(gaps).map((gap) => `${gap} in ${text}`));
      gaps = sampler.gaps.length;
    }
    text = 'the end';
    await untilReady(stage);
  } catch (error) {
    failures.push(`${text}: ${error instanceof Error ? error.message : String(error)}`);
    print(await stage.examineController());
  } finally {
    if (limits.clockSeconds !== undefined) await stage.perform({ kind: 'SetClock', offsetSeconds: 0 });
    ending.abort();
    await sampling;
    await kernel.close();
  }
  const controller = await stage.close();
  failures.push(...(controller?.stderr.match(/^.*Warning: .*$/gm) ?? []));
  if (failures.length > 0) print(controller?.stderr.slice(-20_000) ?? '');
  return {
    seed,
    roundsDone: times.length,
    steps,
    convergenceMilliseconds: times,
    tableReads: sampler.reads,
    longestBetweenReadsMilliseconds: sampler.longestMilliseconds,
    elapsedMilliseconds: performance.now() - startedAt,
    failures,
  };
}

async function untilRight(stage: Stage, world: World, withinMilliseconds: number): Promise<number> {
  const startedAt = performance.now();
  const right = rightLines(world);
  for (;;) {
    const lines = await stage.readLines();
    const elapsed = performance.now() - startedAt;
    const { ended } = stage;
    if (ended !== undefined) throw new Error(`the controller ended with ${String(ended.status)}: ${ended.stderr}`);
    if (isDeepStrictEqual(lines, right)) return elapsed;
    if (elapsed > withinMilliseconds) {
      const missing = right.filter((line) => !lines.includes(line));
      const wrong = lines.filter((line) => !right.includes(line));
      throw new Error(`the table did not get right; missing: ${missing.join(', ')}; wrong: ${wrong.join(', ')}`);
    }
    await sleep(100);
  }
}

/** Who follows the objects' status must be told of what is in the end. */
async function untilReady(stage: Stage): Promise<void> {
  const deadline = performance.now() + CONVERGED_WITHIN_MILLISECONDS;
  for (;;) {
    const unready = await stage.unreadyObjects();
    if (unready.length === 0) return;
    if (performance.now() > deadline) throw new Error(`not Ready in the end: ${unready.join(', ')}`);
    await sleep(500);
  }
}

function describeRound(number: number, steps: readonly Step[]): string {
  return `round ${number}: ${steps.map(describeStep).join(', ')}`;
}

function describeStep(step: Step): string {
  const { kind, ...details } = step;
  const texts = Object.values(details).map((detail: string | number | Service | readonly string[]) => {
    if (typeof detail !== 'object') return String(detail);
    return 'name' in detail ? detail.name : (detail[0] ?? '');
  });
  return [kind, ...texts].join(' ');
}
