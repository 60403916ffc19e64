import { KernelError, UserError } from '../errors/index.js';
import type { Issue } from '../errors/index.js';
import type { Notice } from '../desired/index.js';
import type { ManualDrain } from '../health/index.js';
import type { StatusSink } from '../sources/index.js';
import { Alarm } from './alarm.js';
import type { Controller, ControllerInput, ControllerSnapshot, KernelSnapshot } from './controller-types.js';
import { isServiceSubject } from './findings.js';
import { HealthOverlay, NO_HEALTH } from './health/index.js';
import type { ServiceHealth, ServiceTally } from './health/index.js';
import { Intake } from './intake.js';
import { ObjectReports } from './object-reports.js';
import { delayMilliseconds, KeyQueue } from './queue.js';
import { Rounds } from './rounds.js';
import { takeSnapshot } from './snapshot.js';

/** A key that fails is tried again after some seconds, and at the latest with the next full read. */
const BASE_BACK_OFF_MILLISECONDS = 1000;
/** Rather look at some services before all sources have told theirs than wait for one that hangs. */
const PATIENCE_MILLISECONDS = 5000;
/** Reading so many services one by one takes about as long as reading all. */
const KEYS_FOR_FULL_ROUND = 1000;
/**
 * So often a full read that is due gives way: to a change that is looked at before it begins, and to one that breaks it
 * off, which then is looked at. After that the changes wait for it.
 */
const MAXIMUM_DELAYS = 6;

export function createController(input: ControllerInput): Controller {
  return new ReconcileLoop(input);
}

type Work = { readonly kind: 'Full' } | { readonly kind: 'Keys'; readonly keys: ReadonlySet<string> };

/**
 * Level-triggered: whatever happens only says which keys to look at, or that all are; a round compares what is wanted
 * then with what is. One round runs at a time.
 */
class ReconcileLoop implements Controller {
  readonly #input: ControllerInput;
  readonly #intake: Intake;
  readonly #health: HealthOverlay;
  readonly #queue: KeyQueue;
  readonly #rounds: Rounds;
  readonly #reports: ObjectReports | undefined;
  readonly #alarm: Alarm;
  readonly #startMilliseconds: number;
  #kernel: KernelSnapshot = { kind: 'Unknown' };
  #nextFullMilliseconds = -Infinity;
  #directorTouched = false;
  #electingDirector: string | undefined;
  #delays = 0;
  /** How often a full round was demanded. */
  #demands = 0;
  #interrupt: AbortController | undefined;
  #issues: readonly Issue[] = [];
  #notices: readonly Notice[] = [];

  constructor(input: ControllerInput) {
    this.#input = input;
    const { clock, random, sources } = input;
    this.#startMilliseconds = clock.nowMilliseconds();
    this.#alarm = new Alarm(clock);
    this.#queue = new KeyQueue(this.#backOff(), random);
    this.#rounds = new Rounds(input);
    this.#nextFullMilliseconds = this.#startMilliseconds;
    this.#intake = new Intake({
      sources,
      surroundings: input.surroundings,
      clock,
      holderOf: (key) => this.#ownerOf(key),
      onMessage: this.#onNews,
      onState: (source, state) => {
        input.observe({ kind: 'SourceState', source, state });
      },
    });
    this.#health = new HealthOverlay({
      ...(input.health ?? NO_HEALTH),
      kernel: input.kernel,
      clock,
      isOurs: (key) => this.#ownerOf(key) !== undefined,
      ownerOf: (key) => this.#ownerOf(key),
      onNews: this.#onNews,
      observe: input.observe,
    });
    this.#reports = input.statusSink && this.#openReports(input.statusSink);
  }

  async run(signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
      this.#alarm.ring();
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    // One that fails is a bug: the others end, and then it is told.
    const untilFailure = async (work: Promise<void>): Promise<void> => {
      try {
        await work;
      } catch (error) {
        end();
        throw error;
      }
    };
    const sources = this.#input.sources.map((source) =>
      untilFailure(source.run(this.#intake.listener(source.name), ending.signal)),
    );
    const results = await Promise.allSettled([untilFailure(this.#loop(ending.signal)), ...sources]);
    signal.removeEventListener('abort', end);
    await this.#health.finish();
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    if (this.#input.options.flushOnExit) await this.#flush();
  }

  refresh(): void {
    for (const source of this.#input.sources) source.refresh();
    this.#demandFullRound();
  }

  releaseHeldBack(): void {
    const { heldBack, approved } = this.#rounds.findings;
    for (const key of heldBack) approved.add(key);
    this.#demandFullRound();
  }

  drain(drain: ManualDrain): Promise<readonly string[]> {
    return this.#health.drain(drain);
  }

  undrain(pattern: ManualDrain): ReturnType<Controller['undrain']> {
    return this.#health.undrain(pattern);
  }

  snapshot(): ControllerSnapshot {
    return takeSnapshot({
      input: this.#input,
      intake: this.#intake,
      health: this.#health,
      queue: this.#queue,
      rounds: this.#rounds,
      kernel: this.#kernel,
      issues: this.#issues,
      notices: this.#notices,
    });
  }

  describeHealth(services?: Iterable<string>): Iterable<ServiceHealth> {
    return this.#health.view.describe(services);
  }

  tallyHealth(): Iterable<ServiceTally> {
    return this.#health.view.tally();
  }

  async #loop(signal: AbortSignal): Promise<void> {
    await this.#health.start();
    while (!signal.aborted) {
      const isNews = await this.#takeNews();
      const work = this.#nextWork();
      if (work !== undefined) await this.#carryOut(work, signal);
      if (isNews) await this.#tellIssues();
      if (work !== undefined || isNews) await this.#reports?.tell();
      if (work === undefined && !isNews) await this.#alarm.sleepUntil(this.#nextMilliseconds());
    }
  }

  async #takeNews(): Promise<boolean> {
    const couldRemove = this.#intake.mayRemove();
    const change = await this.#intake.take();
    if (change !== undefined) {
      await this.#health.update(this.#intake.wanted, change.keys);
      this.#queue.add(change.keys);
      this.#reports?.touch(change.objects);
    }
    // What is due, or was heard of servers, touches single services.
    this.#queue.add(await this.#health.takeNews());
    if (change === undefined) return false;
    this.#tellElection();
    if (change.director) this.#directorTouched = true;
    if (!couldRemove && this.#intake.mayRemove()) {
      this.#health.noteComplete();
      this.#demandFullRound();
    }
    return true;
  }

  #nextWork(): Work | undefined {
    const now = this.#input.clock.nowMilliseconds();
    if (this.#kernel.kind === 'Unreachable') {
      return now >= this.#kernel.nextTryMilliseconds ? { kind: 'Full' } : undefined;
    }
    if (this.#isWaitingForSources(now)) return undefined;
    const isFirst = this.#rounds.lastFull === null;
    const isFullDue = now >= this.#nextFullMilliseconds;
    if (isFirst || this.#directorTouched || (isFullDue && this.#delays >= MAXIMUM_DELAYS)) {
      return { kind: 'Full' };
    }
    const next = this.#queue.nextMilliseconds();
    if (next === undefined || next > now) return isFullDue ? { kind: 'Full' } : undefined;
    if (this.#queue.dueCount >= KEYS_FOR_FULL_ROUND) return { kind: 'Full' };
    const keys = this.#queue.take(now);
    if (keys.size < KEYS_FOR_FULL_ROUND && [...keys].every(isServiceSubject)) {
      if (isFullDue) this.#delays++;
      return { kind: 'Keys', keys };
    }
    this.#queue.add(keys);
    return { kind: 'Full' };
  }

  #isWaitingForSources(now: number): boolean {
    if (this.#rounds.lastFull !== null || this.#intake.isSettled) return false;
    return now < this.#startMilliseconds + PATIENCE_MILLISECONDS;
  }

  #nextMilliseconds(): number {
    const now = this.#input.clock.nowMilliseconds();
    if (this.#kernel.kind === 'Unreachable') return this.#kernel.nextTryMilliseconds;
    if (this.#isWaitingForSources(now)) return this.#startMilliseconds + PATIENCE_MILLISECONDS;
    const { nextMilliseconds: nextOfServers = Infinity } = this.#health;
    return Math.min(this.#nextFullMilliseconds, this.#queue.nextMilliseconds() ?? Infinity, nextOfServers);
  }

  async #carryOut(work: Work, signal: AbortSignal): Promise<void> {
    const { clock, observe, options } = this.#input;
    const taken = work.kind === 'Full' ? this.#queue.takeAll() : work.keys;
    const director = this.#directorTouched;
    const demands = this.#demands;
    const interrupt = new AbortController();
    // AbortSignal.any would do this, but in Node 20 a signal that stays keeps something of every one that was made of it.
    const end = (): void => {
      interrupt.abort(signal.reason);
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    this.#interrupt = work.kind === 'Full' && this.#rounds.lastFull !== null ? interrupt : undefined;
    try {
      const round = await this.#rounds.run({
        scope: work.kind === 'Full' ? undefined : work.keys,
        wanted: this.#health.over(this.#intake.wanted),
        onTable: (table) => this.#health.seed(table),
        mayRemove: this.#intake.mayRemove(),
        isExpected: (subject) => taken.has(subject) || (director && !isServiceSubject(subject)),
        signal,
        readSignal: interrupt.signal,
      });
      const now = clock.nowMilliseconds();
      if (work.kind === 'Full') {
        // What was demanded meanwhile is not what this round has done.
        if (demands === this.#demands) this.#nextFullMilliseconds = now + options.resyncSeconds * 1000;
        this.#directorTouched = false;
        this.#delays = 0;
      }
      this.#settleKeys(taken, now);
      const objects = await this.#health.noteRound(work.kind === 'Full', round.report.plan.departures);
      this.#reports?.touch(objects);
      this.#reports?.noteRound(work.kind === 'Full' ? undefined : taken);
      const wasUnreachable = this.#kernel.kind === 'Unreachable';
      this.#kernel = { kind: 'Reachable' };
      if (wasUnreachable) observe({ kind: 'KernelReachable' });
      observe({ kind: 'RoundFinished', round });
      if (work.kind === 'Full') this.#tellNotices();
    } catch (error) {
      this.#queue.add(taken);
      if (signal.aborted && error === signal.reason) return;
      if (interrupt.signal.aborted && error === interrupt.signal.reason) this.#delays++;
      else this.#noteUnreachable(error);
    } finally {
      signal.removeEventListener('abort', end);
      this.#interrupt = undefined;
    }
  }

  /** What failed is tried again later; everything else that was looked at is right. */
  #settleKeys(taken: ReadonlySet<string>, now: number): void {
    const { failures } = this.#rounds.findings;
    for (const key of taken) if (!failures.has(key)) this.#queue.succeed(key);
    for (const key of failures.keys()) {
      const waitsAlready = !taken.has(key) && this.#queue.failed.has(key);
      if (!waitsAlready) this.#queue.fail(key, now);
    }
  }

  #noteUnreachable(error: unknown): void {
    if (!(error instanceof KernelError || error instanceof UserError)) throw error;
    const { clock, observe, random } = this.#input;
    const attempts = this.#kernel.kind === 'Unreachable' ? this.#kernel.attempts + 1 : 1;
    const retryMilliseconds = delayMilliseconds(attempts, this.#backOff(), random);
    const nextTryMilliseconds = clock.nowMilliseconds() + retryMilliseconds;
    this.#kernel = { kind: 'Unreachable', error, attempts, nextTryMilliseconds };
    observe({ kind: 'RoundFailed', error, retryMilliseconds });
  }

  #ownerOf(key: string): string | undefined {
    const entry = this.#input.inventory.entries().get(key);
    return entry?.set === this.#input.options.set ? entry.object : undefined;
  }

  /** A full read that is under way stops for a change, which is more urgent. */
  readonly #onNews = (): void => {
    if (this.#delays < MAXIMUM_DELAYS) this.#interrupt?.abort();
    this.#alarm.ring();
  };

  #demandFullRound(): void {
    this.#demands++;
    this.#nextFullMilliseconds = -Infinity;
    if (this.#kernel.kind === 'Unreachable') this.#kernel = { ...this.#kernel, nextTryMilliseconds: -Infinity };
    this.#alarm.ring();
  }

  async #tellIssues(): Promise<void> {
    const issues = await this.#intake.issues();
    if (JSON.stringify(issues) === JSON.stringify(this.#issues)) return;
    this.#issues = issues;
    this.#input.observe({ kind: 'Issues', issues });
  }

  #tellElection(): void {
    const { electingDirector: director } = this.#intake;
    if (director === this.#electingDirector) return;
    this.#electingDirector = director;
    this.#input.observe({ kind: 'ElectionWanted', director });
  }

  #tellNotices(): void {
    const notices = this.#intake.notices();
    if (JSON.stringify(notices) === JSON.stringify(this.#notices)) return;
    this.#notices = notices;
    this.#input.observe({ kind: 'Notices', notices });
  }

  async #flush(): Promise<void> {
    try {
      this.#input.observe({ kind: 'RoundFinished', round: await this.#rounds.flush() });
    } catch (error) {
      this.#noteUnreachable(error);
    }
  }

  #openReports(sink: StatusSink): ObjectReports {
    return new ObjectReports({
      sink,
      intake: this.#intake,
      health: this.#health,
      findings: this.#rounds.findings,
      owners: () => this.#input.inventory.entries(),
      isDue: (key) => (isServiceSubject(key) ? this.#queue.isDue(key) : this.#directorTouched),
      kernel: () => this.#kernel,
      pause: () => this.#input.clock.pause(),
    });
  }

  #backOff(): { readonly baseMilliseconds: number; readonly maximumMilliseconds: number } {
    const maximumMilliseconds = this.#input.options.resyncSeconds * 1000;
    return { baseMilliseconds: Math.min(BASE_BACK_OFF_MILLISECONDS, maximumMilliseconds), maximumMilliseconds };
  }
}
