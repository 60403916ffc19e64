import type { Issue } from '../errors/index.js';
import type { Notice } from '../desired/index.js';
import type { ManualDrain } from '../health/index.js';
import type { Inventory, IpvsKernel } from '../kernel/index.js';
import type { OperationKind } from '../model/index.js';
import type { Change, PlanProblem } from '../plan/index.js';
import type { Source, SourceState, StatusSink, Surroundings } from '../sources/index.js';
import type { Clock } from './clock.js';
import type { ConvergeReport, Durations } from './converge-types.js';
import type { HealthEvent, HealthInput, HealthSnapshot, ServiceHealth, ServiceTally } from './health/index.js';

export interface ControllerInput {
  readonly kernel: IpvsKernel;
  readonly inventory: Inventory;
  /** Their names are all different. Where two declare the same object, the earlier source's applies. */
  readonly sources: readonly Source[];
  /** What is known around the declared objects before a source tells it; nothing where it is absent. */
  readonly surroundings?: Partial<Surroundings>;
  readonly options: ControllerOptions;
  /** What asks the servers; where it is absent every server passes, and drains end with the process. */
  readonly health?: HealthInput;
  /** Is told how the objects are, where somebody wants to know. */
  readonly statusSink?: StatusSink;
  readonly clock: Clock;
  /** 0 up to, not including, 1: `Math.random`. */
  readonly random: () => number;
  /** Is told what happens, at once and in order. It must be quick, and must not throw. */
  readonly observe: (event: ControllerEvent) => void;
}

export interface ControllerOptions {
  /** The set that the inventory notes for what is made; services of other sets are left alone. */
  readonly set: string;
  /** Whether wanted services that someone else made become ours, besides what the Director says. */
  readonly adopt: boolean;
  /** How often everything is read, whether or not anything was changed. */
  readonly resyncSeconds: number;
  /** How many services may go at once, instead of half of ours, and 10 in any case. */
  readonly maximumRemovals?: number;
  /** Whether what is ours is deleted when the controller ends; otherwise the kernel stays as it is. */
  readonly flushOnExit: boolean;
}

/** Keeps the kernel equal to what the sources declare. */
export interface Controller {
  /**
   * Runs the sources and the loop until the signal aborts, lets the operation under way end, and resolves. To be called
   * once. Trouble of the world is told and waited out; a rejection is a bug.
   */
  run(signal: AbortSignal): Promise<void>;
  /** SIGHUP: every source and the kernel are read again, and keys that fail are tried at once. */
  refresh(): void;
  /** Lets go what is held back now, as somebody has looked at it. What is held back later is not meant. */
  releaseHeldBack(): void;
  /**
   * Takes a server out of the services. Resolves, with the services that have it now, when that outlives a restart;
   * rejects with UserError where it cannot be kept.
   */
  drain(drain: ManualDrain): Promise<readonly string[]>;
  /** Ends all drains that the pattern covers. Resolves with their number, and the services that declare their servers. */
  undrain(pattern: ManualDrain): Promise<{ readonly count: number; readonly services: readonly string[] }>;
  snapshot(): ControllerSnapshot;
  /** How the servers of these services are, or of all, one by one; of those that nothing decides about there is nothing. */
  describeHealth(services?: Iterable<string>): Iterable<ServiceHealth>;
  /** How many servers of each service are how, service by service; services that leave come last. */
  tallyHealth(): Iterable<ServiceTally>;
}

export type ControllerEvent =
  | { readonly kind: 'SourceState'; readonly source: string; readonly state: SourceState }
  /** All that is wrong with the declarations now; nothing any more where it is empty. */
  | { readonly kind: 'Issues'; readonly issues: readonly Issue[] }
  /** All that is declared and has no effect now. */
  | { readonly kind: 'Notices'; readonly notices: readonly Notice[] }
  /** The Director whose daemons wait for who is elected is another one now, or there is none any more. */
  | { readonly kind: 'ElectionWanted'; readonly director: string | undefined }
  | { readonly kind: 'RoundFinished'; readonly round: FinishedRound }
  /**
   * The kernel could not be read, or the inventory not be written: nothing is known to have changed. The next try is
   * in so many milliseconds. The first round after it that works says `KernelReachable`.
   */
  | { readonly kind: 'RoundFailed'; readonly error: Error; readonly retryMilliseconds: number }
  | { readonly kind: 'KernelReachable' }
  | HealthEvent;

/** `Keys`: only some services were looked at, since something said that they might have changed. */
export type RoundKind = 'Full' | 'Keys';

export interface FinishedRound {
  readonly kind: RoundKind;
  /** How many services were looked at. */
  readonly keyCount: number;
  readonly report: ConvergeReport;
  /** What of `report.done` repaired what others had done to the kernel. */
  readonly drift: readonly Change[];
}

/** What `status` shows. All times are of the controller's clock. */
export interface ControllerSnapshot {
  readonly nowMilliseconds: number;
  readonly sources: readonly SourceSnapshot[];
  readonly kernel: KernelSnapshot;
  /** The round that runs now: one that began long ago is stuck. */
  readonly current: { readonly kind: RoundKind; readonly startMilliseconds: number } | null;
  readonly lastRound: RoundSummary | null;
  readonly lastFullRound: RoundSummary | null;
  /** Services and the like that the kernel refused at the last try. */
  readonly failing: readonly FailingKey[];
  /** What a round found and left as it is: services of others, unknown sysctls. */
  readonly problems: readonly PlanProblem[];
  readonly issues: readonly Issue[];
  readonly notices: readonly Notice[];
  readonly removals: RemovalsSnapshot;
  readonly counts: ControllerCounts;
  /** What others did to the kernel and was repaired since the start, by what had to be done. */
  readonly drift: Readonly<Partial<Record<OperationKind, number>>>;
  readonly health: HealthSnapshot;
}

export interface SourceSnapshot {
  readonly name: string;
  readonly state: SourceState;
  /** When it came into this state. */
  readonly sinceMilliseconds: number;
  /** Whether it was read completely once. */
  readonly isComplete: boolean;
  readonly unitCount: number;
  /** Units that are broken now, and keep their last good state. */
  readonly brokenUnits: readonly string[];
}

export type KernelSnapshot =
  | { readonly kind: 'Unknown' }
  | { readonly kind: 'Reachable' }
  | {
      readonly kind: 'Unreachable';
      readonly error: Error;
      readonly attempts: number;
      readonly nextTryMilliseconds: number;
    };

export interface RoundSummary {
  readonly kind: RoundKind;
  readonly keyCount: number;
  readonly startMilliseconds: number;
  readonly endMilliseconds: number;
  readonly durations: Durations;
  readonly doneCount: number;
  readonly failureCount: number;
  readonly skippedCount: number;
  readonly cancelledCount: number;
  readonly driftCount: number;
}

export interface FailingKey {
  /** A `serviceKeyText`, a `syncDaemonKeyText`, `timeouts`, or `sysctl NAME`. */
  readonly key: string;
  readonly object: string | undefined;
  readonly error: Error;
  readonly attempts: number;
  readonly nextTryMilliseconds: number;
}

export interface RemovalsSnapshot {
  /** Why no service may go now, a sentence each; empty where they may. */
  readonly obstacles: readonly string[];
  /** Services that would go if there were no obstacle. */
  readonly deferred: readonly string[];
  /** Services that wait for `releaseHeldBack`, since they are so many. */
  readonly heldBack: readonly string[];
}

export interface ControllerCounts {
  readonly wantedServices: number;
  readonly wantedServers: number;
  /** Of the last full read, whoever made them. */
  readonly observedServices: number;
  readonly observedServers: number;
  /** Entries of the inventory. */
  readonly owned: number;
  /** Services that are to be looked at. */
  readonly pending: number;
}
