import type { OperationResult } from '../kernel/index.js';
import type { Operation } from '../model/index.js';
import { planInSteps } from '../plan/index.js';
import type { Change, ObservedState, Plan } from '../plan/index.js';
import type { ConvergeInput, ConvergeReport } from './converge-types.js';
import { finishInSteps } from './in-steps.js';
import type { Pauses } from './in-steps.js';
import { observe } from './observe.js';
import type { ObserveOptions } from './observe.js';
import { intentsInSteps, judgeInSteps } from './outcome.js';
import type { Outcome } from './outcome.js';
import { Stopwatch } from './stopwatch.js';

const DEFAULT_MAXIMUM_ROUNDS = 3;

/** So many lines of the inventory are some milliseconds of work on a slow machine. */
const INTENTS_PER_RECORD = 250;

/**
 * So many operations take about a second, and then what was read is no longer fresh enough to take something away: the
 * server that shall stay may have gone meanwhile.
 */
const FRESH_FOR_OPERATIONS = 10_000;

/**
 * Reads, plans, records and applies until the kernel is as wanted, or nothing more can be done about it. The inventory
 * knows what is made before it is made, is told that it was, and forgets what was not made or is gone. A round that finds that another
 * program wrote to the kernel meanwhile is followed by another one.
 *
 * Rejects with KernelError where the kernel cannot be read at all, and with what the inventory rejects with.
 */
export async function converge(input: ConvergeInput): Promise<ConvergeReport> {
  const { signal, options } = input;
  const stopwatch = new Stopwatch(input.nowMilliseconds);
  const readSignal = input.readSignal ?? signal;
  const first = await readAndPlan(input, { table: input.table, signal: readSignal }, stopwatch);
  readSignal?.throwIfAborted();
  const report = (plan: Plan, rounds: number, done: readonly Change[], outcome?: Outcome): ConvergeReport => ({
    plan: first,
    done,
    failures: outcome?.failures ?? [],
    skipped: outcome?.skipped ?? [],
    cancelled: outcome?.cancelled ?? 0,
    problems: plan.problems,
    rounds,
    durations: stopwatch.durations(),
  });
  if (options.dryRun === true) return report(first, 1, []);

  const maximumRounds = options.maximumRounds ?? DEFAULT_MAXIMUM_ROUNDS;
  let done: readonly Change[] = [];
  let plan = first;
  for (let round = 1; ; round++) {
    const isLast = round === maximumRounds;
    const changes = round === 1 && !isLast ? freshPart(plan.changes) : plan.changes;
    const outcome = await carryOut(plan, changes, input, stopwatch);
    done = done.length === 0 ? outcome.done : done.concat(outcome.done);
    const left = plan.changes.length - changes.length;
    if (signal?.aborted === true) {
      return report(plan, round, done, { ...outcome, cancelled: outcome.cancelled + left });
    }
    if (isLast || (left === 0 && !outcome.interference)) return report(plan, round, done, outcome);
    // Something is written already, so an abort from here on shall not hide the report: the read runs to its end.
    plan = await readAndPlan(input, { table: undefined, signal: undefined }, stopwatch);
  }
}

async function readAndPlan(input: ConvergeInput, options: ObserveOptions, stopwatch: Stopwatch): Promise<Plan> {
  const observed = await stopwatch.measure('readMilliseconds', () => observe(input, options));
  return stopwatch.measure('planMilliseconds', () => planWithPauses(input, observed, options.signal));
}

function planWithPauses(input: ConvergeInput, observed: ObservedState, signal: AbortSignal | undefined): Promise<Plan> {
  const { wanted, inventory, options } = input;
  return finishInSteps(planInSteps({ wanted, observed, owned: inventory.entries(), options }), pausesOf(input, signal));
}

function pausesOf({ nowMilliseconds: now, pause }: ConvergeInput, signal?: AbortSignal): Pauses | undefined {
  return pause === undefined ? undefined : { now, pause, signal };
}

/** What may be done on the strength of what was read: everything, or everything up to the first thing that goes. */
function freshPart(changes: readonly Change[]): readonly Change[] {
  if (changes.length <= FRESH_FOR_OPERATIONS) return changes;
  const reduction = changes.findIndex(({ operation }) => takesAway(operation));
  return reduction < FRESH_FOR_OPERATIONS ? changes : changes.slice(0, reduction);
}

function takesAway(operation: Operation): boolean {
  switch (operation.kind) {
    case 'DeleteService':
    case 'DeleteServer':
      return true;
    case 'EditServer':
      return operation.server.weight === 0;
    default:
      return false;
  }
}

async function carryOut(
  plan: Plan,
  changes: readonly Change[],
  input: ConvergeInput,
  stopwatch: Stopwatch,
): Promise<Outcome> {
  const { inventory, options } = input;
  await inventory.forget(plan.stale);
  const intents = await finishInSteps(intentsInSteps(plan, changes, options.set), pausesOf(input));
  for (let i = 0; i < intents.length; i += INTENTS_PER_RECORD) {
    await inventory.record(intents.slice(i, i + INTENTS_PER_RECORD));
  }
  const results = await stopwatch.measure('applyMilliseconds', () => apply(changes, input));
  const outcome = await finishInSteps(judgeInSteps(changes, results), pausesOf(input));
  await inventory.forget(outcome.forget);
  await inventory.confirm(plan.confirmed.length === 0 ? outcome.made : plan.confirmed.concat(outcome.made));
  return outcome;
}

async function apply(
  changes: readonly Change[],
  { kernel, signal, onProgress }: ConvergeInput,
): Promise<readonly OperationResult[]> {
  if (changes.length === 0) return [];
  const total = changes.length;
  return kernel.apply(
    changes.map(({ operation }) => operation),
    {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined
        ? {}
        : {
            onProgress: (done: number) => {
              onProgress({ phase: 'Apply', done, total });
            },
          }),
    },
  );
}
