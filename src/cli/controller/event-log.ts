import type { Log, LogFields, LogFormat } from '../../adapters/log/index.js';
import type { Issue } from '../../errors/index.js';
import { realServerKeyText, serviceKeyText } from '../../model/index.js';
import { countPlan, describeChange, formatPlanProblem } from '../../plan/index.js';
import type { Adoption, Change, Counts } from '../../plan/index.js';
import type { ControllerEvent, FinishedRound } from '../../reconcile/index.js';
import type { CacheUse, SourceState } from '../../sources/index.js';
import { counted, durationText } from '../output/numbers.js';
import { describeError, describeFailure, issueLine } from '../problems.js';
import type { Problem } from '../problems.js';
import { HealthLog } from './health-log.js';
import { PacedWork } from './paced-work.js';

/** More lines than this about one event say less than their number does. */
const MAXIMUM_LINES = 20;

interface ToldChange {
  readonly change: Change;
  readonly isRepair: boolean;
}

/** Writes what a controller does and finds as lines that an operator reads: what is news, each once. */
export class EventLog {
  readonly #log: Log;
  readonly #format: LogFormat;
  /** The first start of a large host is more than a hundred thousand changes. */
  readonly #changes: PacedWork<ToldChange>;
  #issues = new Set<string>();
  #notices = new Set<string>();
  #problems = new Set<string>();
  /** What was said about a key that the kernel refuses. */
  readonly #failures = new Map<string, string>();
  #roundFailure = '';
  readonly #health: HealthLog;

  constructor(log: Log, format: LogFormat) {
    this.#log = log;
    this.#format = format;
    this.#changes = new PacedWork((told) => {
      this.#tellChange(told);
    });
    this.#health = new HealthLog(log);
  }

  /** When everything that was observed is written: of many changes, programs get each, in more than one turn. */
  written(): Promise<void> {
    return this.#changes.done();
  }

  observe(event: ControllerEvent): void {
    if (event.kind === 'RoundFinished' || event.kind === 'RoundFailed') this.#health.flush();
    switch (event.kind) {
      case 'SourceState':
        this.#tellSource(event.source, event.state);
        break;
      case 'Issues':
        if (event.issues.length === 0 && this.#issues.size > 0) this.#log.info('nothing is broken any more');
        this.#issues = this.#tellNews(event.issues.map(issueText), this.#issues);
        break;
      case 'Notices':
        this.#notices = this.#tellNews(
          event.notices.map(({ message }) => message),
          this.#notices,
        );
        break;
      case 'ElectionWanted':
        break;
      case 'RoundFinished':
        this.#tellRound(event.round);
        break;
      case 'RoundFailed':
        this.#tellRoundFailure(event.error, event.retryMilliseconds);
        break;
      case 'ChecksChanged':
      case 'ServersChanged':
      case 'DrainsChanged':
      case 'HealthNotSaved':
      case 'QuorumChanged':
      case 'SorryServers':
        this.#health.observe(event);
        return;
      case 'KernelReachable':
        this.#roundFailure = '';
        this.#log.info('the kernel answers again');
        break;
    }
  }

  #tellSource(source: string, state: SourceState): void {
    if (state.kind === 'Complete') this.#log.info(`${source}: read completely`, { source });
    else if (state.kind === 'Away') {
      this.#log.warn(`${source}: away, and what it declared stays: ${state.reason}${cacheText(state.cache)}`, {
        source,
      });
    } else if (state.cache === undefined) this.#log.info(`${source}: reading`, { source });
    else this.#log.warn(`${source}: says nothing${cacheText(state.cache)}`, { source });
  }

  /** Returns what holds now. */
  #tellNews(texts: readonly string[], told: ReadonlySet<string>): Set<string> {
    const news = texts.filter((text) => !told.has(text));
    this.#tellLines(news, (text) => {
      this.#log.warn(text);
    });
    return new Set(texts);
  }

  #tellRound({ kind, report, drift }: FinishedRound): void {
    const repaired = new Set(drift);
    const areMany = report.done.length > MAXIMUM_LINES;
    if (this.#failures.size > 0) for (const change of report.done) this.#failures.delete(subjectOf(change));
    if (areMany) this.#tellManyChanges(report.done, drift.length, report.durations.applyMilliseconds);
    if (!areMany || this.#format === 'json') {
      this.#changes.add(report.done.map((change) => ({ change, isRepair: repaired.has(change) })));
    }
    this.#tellLines(report.plan.adoptions, (adoption) => {
      this.#log.info(adoptionText(adoption), { key: adoption.key, object: adoption.object });
    });
    this.#tellFailures(report);
    const problems = report.problems.map(formatPlanProblem);
    const now = this.#tellNews(problems, this.#problems);
    // A round that looked at some services says nothing about the others' problems.
    this.#problems = kind === 'Full' ? now : new Set([...this.#problems, ...now]);
  }

  #tellChange({ change, isRepair }: ToldChange): void {
    const text = describeChange(change);
    if (isRepair) this.#log.warn(`repaired what another program did: ${text}`, fieldsOf(change, { drift: true }));
    else this.#log.info(text, fieldsOf(change));
  }

  #tellManyChanges(done: readonly Change[], driftCount: number, milliseconds: number): void {
    const { services, realServers, directorSettings } = countPlan({ changes: done, adoptions: [] });
    const parts = [
      countsText('services', services),
      countsText('real servers', realServers),
      countsText('director settings', directorSettings),
    ].filter((part) => part !== undefined);
    const repairs = driftCount === 0 ? '' : `, ${driftCount} of them to repair what another program did`;
    this.#log.info(
      `${counted(done.length, 'change')} in ${durationText(milliseconds)}${repairs}: ${parts.join('; ')}`,
      { operations: done.length, drift: driftCount },
    );
  }

  #tellFailures({ failures, skipped, cancelled }: FinishedRound['report']): void {
    const news = failures.filter(({ change, error }) => this.#failures.get(subjectOf(change)) !== error.message);
    for (const { change, error } of failures) this.#failures.set(subjectOf(change), error.message);
    this.#tellLines(news, ({ change, error }) => {
      const problem = describeFailure(change.operation, error);
      const owner = change.object === undefined ? '' : `${change.object}: `;
      this.#log.error(`${owner}${problemText(problem)}`, fieldsOf(change, { code: error.code }));
    });
    if (news.length > 0 && skipped.length > 0) {
      this.#log.error(`${counted(skipped.length, 'operation')} not tried, because of these errors`);
    }
    if (cancelled > 0) this.#log.warn(`${counted(cancelled, 'operation')} not tried, because the controller ends`);
  }

  #tellRoundFailure(error: Error, retryMilliseconds: number): void {
    const problem = describeError(error);
    if (problem.message === this.#roundFailure) return;
    this.#roundFailure = problem.message;
    this.#log.error(`${problemText(problem)}; the next try is in ${durationText(retryMilliseconds)}`);
  }

  #tellLines<T>(items: readonly T[], tell: (item: T) => void): void {
    for (const item of items.slice(0, MAXIMUM_LINES)) tell(item);
    if (items.length > MAXIMUM_LINES) {
      this.#log.warn(`and ${items.length - MAXIMUM_LINES} more of the same kind; ipvs-operator status has them`);
    }
  }
}

function issueText(issue: Issue): string {
  return `${issueLine(issue)} (its last good state stays)`;
}

/** What stands in for a source that does not tell. */
function cacheText(cache: CacheUse | undefined): string {
  if (cache === undefined) return '';
  const boot = cache.isOfEarlierBoot ? ', before the host was started anew' : '';
  return `; ${counted(cache.unitCount, 'unit')} as kept at ${new Date(cache.savedAt).toISOString()}${boot}`;
}

function problemText({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

function adoptionText({ key, object, from }: Adoption): string {
  if (from === undefined) return `took over ${key}, which someone else made, for ${object}`;
  return `${key} belongs to ${object} now, and did to ${from.object}`;
}

function countsText(name: string, { add, change, remove }: Counts): string | undefined {
  return add + change + remove === 0 ? undefined : `${name} ${add} added, ${change} changed, ${remove} removed`;
}

/** What a change is about, so that its failure and its success can be told together. */
function subjectOf({ operation }: Change): string {
  const service = 'key' in operation && operation.key !== null ? serviceKeyText(operation.key) : operation.kind;
  return 'server' in operation ? `${service} ${realServerKeyText(operation.server)}` : service;
}

function fieldsOf({ operation, object }: Change, more: LogFields = {}): LogFields {
  return {
    operation: operation.kind,
    ...('key' in operation && operation.key !== null ? { key: serviceKeyText(operation.key) } : {}),
    ...('server' in operation ? { server: realServerKeyText(operation.server) } : {}),
    ...(object === undefined ? {} : { object }),
    ...more,
  };
}
