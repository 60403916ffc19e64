import type { KernelError } from '../errors/index.js';
import type { Inventory, IpvsKernel, KernelTable } from '../kernel/index.js';
import type { WantedState } from '../model/index.js';
import type { Change, Plan, PlanOptions, PlanProblem } from '../plan/index.js';

export interface ConvergeInput {
  readonly wanted: WantedState;
  readonly kernel: IpvsKernel;
  readonly inventory: Inventory;
  readonly options: ConvergeOptions;
  /** A read of the whole table that is under way already; used once, and only without a scope. */
  readonly table?: Promise<KernelTable>;
  /** A clock that never jumps, in milliseconds: `() => performance.now()`. */
  readonly nowMilliseconds: () => number;
  /**
   * An abort before anything is written makes `converge` reject with the signal's reason. Afterwards it ends with a
   * report: what is under way is done, the rest is `cancelled`.
   */
  readonly signal?: AbortSignal;
  /** In place of `signal` before anything is written; without meaning afterwards. It must end with `signal` too. */
  readonly readSignal?: AbortSignal;
  /** Awaited every few milliseconds of planning, so that a large plan does not hold up the event loop. */
  readonly pause?: () => Promise<void>;
  readonly onProgress?: (progress: ConvergeProgress) => void;
}

/** With `scope`, only the services of these keys are read, planned and written, and nothing of the director. */
export interface ConvergeOptions extends PlanOptions {
  /** Plans and writes nothing: neither to the kernel nor to the inventory. */
  readonly dryRun?: boolean;
  /** How often to read and plan while another writer interferes. */
  readonly maximumRounds?: number;
}

type ConvergePhase = 'Read' | 'Apply';

export interface ConvergeProgress {
  readonly phase: ConvergePhase;
  /** Services read, or operations with a result. */
  readonly done: number;
  /** Of `Apply` only; reading does not know how much there is. */
  readonly total?: number;
}

export interface ConvergeReport {
  /** The plan of the first round: what was to be done when it began. */
  readonly plan: Plan;
  /** What was done, over all rounds. */
  readonly done: readonly Change[];
  /** What the kernel refused at the last try. */
  readonly failures: readonly Failure[];
  /** What was not tried at last because something that it depends on failed. */
  readonly skipped: readonly SkippedChange[];
  /** How many changes were not tried because of the signal. */
  readonly cancelled: number;
  /** Of the last round's plan. */
  readonly problems: readonly PlanProblem[];
  readonly rounds: number;
  readonly durations: Durations;
}

export interface Failure {
  readonly change: Change;
  readonly error: KernelError;
}

export interface SkippedChange {
  readonly change: Change;
  readonly cause: KernelError;
}

/** Sums over all rounds. */
export interface Durations {
  readonly readMilliseconds: number;
  readonly planMilliseconds: number;
  readonly applyMilliseconds: number;
}
