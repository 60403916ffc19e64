import type { Issue } from '../../errors/index.js';
import { formatPlanProblem } from '../../plan/index.js';
import type { PlanProblem } from '../../plan/index.js';
import type { ControllerSnapshot, FailingKey, KernelSnapshot, RoundSummary } from '../../reconcile/index.js';
import type { SourceState } from '../../sources/index.js';
import { describeError, issueLine } from '../problems.js';
import { reportHealth } from './health-report.js';
import type { HealthReport } from './health-report.js';

/** What `status` prints as JSON and YAML, and the control socket answers. Times are ISO 8601. */
export interface StatusReport {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly now: string;
  readonly kernel: KernelReport;
  readonly sources: readonly SourceReport[];
  /** The round that runs now. */
  readonly currentRound: { readonly kind: string; readonly startedAt: string } | null;
  readonly lastRound: RoundReport | null;
  readonly lastFullRound: RoundReport | null;
  readonly services: ServiceCounts;
  readonly failing: readonly FailingReport[];
  readonly removals: ControllerSnapshot['removals'];
  readonly problems: readonly ProblemReport[];
  readonly issues: readonly (Issue & { readonly text: string })[];
  readonly notices: readonly string[];
  /** What others did and was repaired since the start, by the operation that it took. */
  readonly drift: ControllerSnapshot['drift'];
  readonly health: HealthReport;
}

interface KernelReport {
  readonly state: KernelSnapshot['kind'];
  readonly message?: string;
  readonly hint?: string;
  readonly attempts?: number;
  readonly nextTryAt?: string;
}

export interface SourceReport {
  readonly name: string;
  readonly state: 'Reading' | 'Complete' | 'Away';
  /** Why it is away. */
  readonly reason?: string;
  readonly since: string;
  /** What an earlier run kept, and stands in for what the source does not tell. */
  readonly cache?: CacheReport;
  readonly wasComplete: boolean;
  readonly units: number;
  readonly brokenUnits: readonly string[];
}

export interface CacheReport {
  /** When it was known to be all that there is. */
  readonly savedAt: string;
  readonly units: number;
  /** Whether the host was started anew since. */
  readonly isOfEarlierBoot: boolean;
}

export interface RoundReport {
  readonly kind: string;
  readonly endedAt: string;
  readonly durationMilliseconds: number;
  readonly services: number;
  readonly operations: number;
  readonly failures: number;
  readonly repairs: number;
}

interface ServiceCounts {
  readonly wanted: number;
  readonly wantedServers: number;
  readonly inLine: number;
  readonly outOfLine: number;
  /** Still to be looked at. */
  readonly pending: number;
  /** In the kernel, whoever made them. */
  readonly inKernel: number;
  readonly serversInKernel: number;
  readonly owned: number;
}

interface FailingReport {
  readonly key: string;
  readonly object: string | null;
  readonly message: string;
  readonly hint?: string;
  readonly attempts: number;
  readonly nextTryAt: string;
}

type ProblemReport = PlanProblem & { readonly message: string };

export interface ReportContext {
  readonly version: string;
  readonly pid: number;
  /** The time of the day that belongs to the snapshot. */
  readonly now: Date;
  readonly startedAt: Date;
}

export function reportStatus(snapshot: ControllerSnapshot, context: ReportContext): StatusReport {
  const timeOf = (milliseconds: number): string =>
    new Date(context.now.getTime() - snapshot.nowMilliseconds + milliseconds).toISOString();
  const { current, lastRound, lastFullRound } = snapshot;
  return {
    version: context.version,
    pid: context.pid,
    startedAt: context.startedAt.toISOString(),
    now: context.now.toISOString(),
    kernel: reportKernel(snapshot.kernel, timeOf),
    sources: snapshot.sources.map(({ name, state, sinceMilliseconds, isComplete, unitCount, brokenUnits }) => ({
      name,
      state: state.kind,
      ...(state.kind === 'Away' ? { reason: state.reason } : {}),
      since: timeOf(sinceMilliseconds),
      ...reportCache(state),
      wasComplete: isComplete,
      units: unitCount,
      brokenUnits,
    })),
    currentRound: current === null ? null : { kind: current.kind, startedAt: timeOf(current.startMilliseconds) },
    lastRound: lastRound === null ? null : reportRound(lastRound, timeOf),
    lastFullRound: lastFullRound === null ? null : reportRound(lastFullRound, timeOf),
    services: countServices(snapshot),
    failing: snapshot.failing.map((failing) => reportFailing(failing, timeOf)),
    removals: snapshot.removals,
    problems: snapshot.problems.map((problem) => ({ ...problem, message: formatPlanProblem(problem) })),
    issues: snapshot.issues.map((issue) => ({ ...issue, text: issueLine(issue) })),
    notices: snapshot.notices.map(({ message }) => message),
    drift: snapshot.drift,
    health: reportHealth(snapshot.health, timeOf),
  };
}

function reportCache(state: SourceState): { readonly cache?: CacheReport } {
  if (state.kind === 'Complete' || state.cache === undefined) return {};
  const { savedAt, unitCount, isOfEarlierBoot } = state.cache;
  return { cache: { savedAt: new Date(savedAt).toISOString(), units: unitCount, isOfEarlierBoot } };
}

type TimeOf = (milliseconds: number) => string;

function reportKernel(kernel: KernelSnapshot, timeOf: TimeOf): KernelReport {
  if (kernel.kind !== 'Unreachable') return { state: kernel.kind };
  return {
    state: kernel.kind,
    ...describeError(kernel.error),
    attempts: kernel.attempts,
    nextTryAt: timeOf(kernel.nextTryMilliseconds),
  };
}

function reportRound(round: RoundSummary, timeOf: TimeOf): RoundReport {
  return {
    kind: round.kind,
    endedAt: timeOf(round.endMilliseconds),
    durationMilliseconds: Math.round(round.endMilliseconds - round.startMilliseconds),
    services: round.keyCount,
    operations: round.doneCount,
    failures: round.failureCount,
    repairs: round.driftCount,
  };
}

function reportFailing(
  { key, object, error, attempts, nextTryMilliseconds }: FailingKey,
  timeOf: TimeOf,
): FailingReport {
  return {
    key,
    object: object ?? null,
    ...describeError(error),
    attempts,
    nextTryAt: timeOf(nextTryMilliseconds),
  };
}

/** A service is out of line where the kernel refused it, or where someone else's is in its place. */
function countServices({ counts, failing, problems, lastFullRound }: ControllerSnapshot): ServiceCounts {
  const bad = new Set(failing.map(({ key }) => key).filter((key) => /^(TCP|UDP|SCTP|FWM) /.test(key)));
  for (const problem of problems) if (problem.kind === 'ForeignService') bad.add(problem.key);
  const known = lastFullRound === null ? 0 : counts.wantedServices - bad.size - counts.pending;
  return {
    wanted: counts.wantedServices,
    wantedServers: counts.wantedServers,
    inLine: Math.max(0, known),
    outOfLine: bad.size,
    pending: counts.pending,
    inKernel: counts.observedServices,
    serversInKernel: counts.observedServers,
    owned: counts.owned,
  };
}
