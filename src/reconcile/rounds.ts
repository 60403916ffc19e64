import type { KernelTable } from '../kernel/index.js';
import { areChecks, subjectOf } from '../model/index.js';
import type { WantedState } from '../model/index.js';
import type { Change } from '../plan/index.js';
import type { ControllerInput, FinishedRound, RoundKind, RoundSummary } from './controller-types.js';
import { converge } from './converge.js';
import type { ConvergeOptions, ConvergeReport } from './converge-types.js';
import { Findings } from './findings.js';
import { finishInSteps } from './in-steps.js';
import { RemovalBudget } from './removal-budget.js';

/** Changes between two steps: some milliseconds of work on a slow machine. */
const CHANGES_PER_STEP = 500;

const NOTHING_WANTED: WantedState = { services: new Map(), suspended: new Map(), objects: new Set(), director: null };

export interface RoundRequest {
  /** The services to look at; `undefined` for everything. */
  readonly scope: ReadonlySet<string> | undefined;
  readonly wanted: WantedState;
  /** Is told the whole table, where it is read, before anything is planned. */
  readonly onTable: (table: KernelTable) => Promise<void>;
  /** Whether services may go. */
  readonly mayRemove: boolean;
  /** Whether something was known to have changed about this, so that changing it in the kernel repairs no drift. */
  readonly isExpected: (subject: string) => boolean;
  readonly signal: AbortSignal;
  /** Ends the round where nothing is written yet; with `signal` too. */
  readonly readSignal: AbortSignal;
}

/** Runs rounds, and keeps what they found. */
export class Rounds {
  readonly findings = new Findings();
  readonly #input: ControllerInput;
  readonly #budget: RemovalBudget;
  #current: { readonly kind: RoundKind; readonly startMilliseconds: number } | null = null;
  #last: RoundSummary | null = null;
  #lastFull: RoundSummary | null = null;
  #observed = { services: 0, servers: 0 };

  constructor(input: ControllerInput) {
    this.#input = input;
    this.#budget = new RemovalBudget(input.options.maximumRemovals);
  }

  get current(): { readonly kind: RoundKind; readonly startMilliseconds: number } | null {
    return this.#current;
  }

  get last(): RoundSummary | null {
    return this.#last;
  }

  get lastFull(): RoundSummary | null {
    return this.#lastFull;
  }

  /** What the last full read found, whoever made it. */
  get observed(): { readonly services: number; readonly servers: number } {
    return this.#observed;
  }

  /** Rejects as `converge` does. */
  async run(request: RoundRequest): Promise<FinishedRound> {
    const { clock } = this.#input;
    const { scope, signal, readSignal } = request;
    const kind: RoundKind = scope === undefined ? 'Full' : 'Keys';
    const startMilliseconds = clock.nowMilliseconds();
    // What is approved from now on is for the next round.
    const approved = new Set(this.findings.approved);
    this.#current = { kind, startMilliseconds };
    try {
      const table = scope === undefined ? this.#readTable(request) : undefined;
      // Whoever awaits it gets the error; until then somebody has to.
      table?.catch(() => undefined);
      const report = await converge({
        ...this.#common(request.wanted),
        options: this.#options(request, approved),
        ...(table === undefined ? {} : { table }),
        signal,
        readSignal,
      });
      if (table !== undefined) this.#observed = countTable(await table);
      const drift = kind === 'Full' && this.#lastFull !== null ? await this.#driftIn(report, request) : [];
      return this.#finish(kind, startMilliseconds, request, approved, report, drift);
    } finally {
      this.#current = null;
    }
  }

  async #readTable({ onTable, readSignal }: RoundRequest): Promise<KernelTable> {
    const table = await this.#input.kernel.readTable({ signal: readSignal });
    await onTable(table);
    return table;
  }

  /** Deletes what is ours. */
  async flush(): Promise<FinishedRound> {
    const report = await converge({
      ...this.#common(NOTHING_WANTED),
      options: { set: this.#input.options.set, prune: true, allowEmpty: true, maximumRemovals: Infinity },
    });
    return { kind: 'Full', keyCount: report.done.length, report, drift: [] };
  }

  #common(wanted: WantedState) {
    const { kernel, inventory, clock } = this.#input;
    return {
      wanted,
      kernel,
      inventory,
      nowMilliseconds: () => clock.nowMilliseconds(),
      pause: () => clock.pause(),
    };
  }

  #options({ scope, mayRemove, wanted }: RoundRequest, approved: ReadonlySet<string>): ConvergeOptions {
    const { options, clock } = this.#input;
    return {
      set: options.set,
      adopt: options.adopt,
      prune: true,
      allowEmpty: true,
      deferRemovals: !mayRemove,
      maximumRemovals: this.#budget.limit(this.#countOwned(scope, wanted), clock.nowMilliseconds()),
      approvedRemovals: approved,
      heldRemovals: this.findings.heldBack,
      ...(scope === undefined ? {} : { scope }),
    };
  }

  /** What serves somebody. */
  #countOwned(scope: RoundRequest['scope'], { hasPaths = false }: WantedState): number {
    const entries = this.#input.inventory.entries();
    if (scope !== undefined && !hasPaths) return entries.size;
    let count = 0;
    for (const { object } of entries.values()) if (!areChecks(object)) count++;
    return count;
  }

  /** What was done to repair what others did. */
  #driftIn({ done }: ConvergeReport, { isExpected }: RoundRequest): Promise<readonly Change[]> {
    const { clock } = this.#input;
    const isDrift = (subject: string): boolean => !isExpected(subject) && !this.findings.isKnown(subject);
    const pauses = { now: () => clock.nowMilliseconds(), pause: () => clock.pause() };
    return finishInSteps(changesOf(done, isDrift), pauses);
  }

  #finish(
    kind: RoundKind,
    startMilliseconds: number,
    { scope, wanted }: RoundRequest,
    approved: ReadonlySet<string>,
    report: ConvergeReport,
    drift: readonly Change[],
  ): FinishedRound {
    const { findings } = this;
    const endMilliseconds = this.#input.clock.nowMilliseconds();
    this.#budget.spend(countRemoved(report, wanted, approved), endMilliseconds);
    findings.countDrift(drift);
    findings.take(report, scope, approved);
    const keyCount = scope?.size ?? wanted.services.size;
    const summary: RoundSummary = {
      kind,
      keyCount,
      startMilliseconds,
      endMilliseconds,
      durations: report.durations,
      doneCount: report.done.length,
      failureCount: report.failures.length,
      skippedCount: report.skipped.length,
      cancelledCount: report.cancelled,
      driftCount: drift.length,
    };
    this.#last = summary;
    if (kind === 'Full') this.#lastFull = summary;
    return { kind, keyCount, report, drift };
  }
}

/** The changes of some subjects. */
function* changesOf(
  changes: readonly Change[],
  isOne: (subject: string) => boolean,
): Generator<undefined, readonly Change[]> {
  const found: Change[] = [];
  for (const [i, change] of changes.entries()) {
    if (i % CHANGES_PER_STEP === CHANGES_PER_STEP - 1) yield;
    if (isOne(subjectOf(change.operation))) found.push(change);
  }
  return found;
}

/** Services that were let go in this round without anybody having been asked. What departs counts when it begins to. */
function countRemoved(
  { done, plan }: ConvergeReport,
  { departing }: WantedState,
  approved: ReadonlySet<string>,
): number {
  const gone = done
    .filter(({ operation, object = '' }) => operation.kind === 'DeleteService' && !areChecks(object))
    .map(({ operation }) => subjectOf(operation));
  const isCounted = (key: string): boolean => !approved.has(key) && departing?.get(key) !== 'Over';
  return [...gone, ...plan.departures].filter(isCounted).length;
}

function countTable(table: KernelTable): { readonly services: number; readonly servers: number } {
  let servers = 0;
  for (const service of table.values()) servers += service.servers.length;
  return { services: table.size, servers };
}
