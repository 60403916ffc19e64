import type { Prober, Target, Verdict } from '../../health/index.js';
import type { Outcome, RunningProbe, StartProbe } from './probe.js';
import { TimeHeap } from './time-heap.js';

/** Probes that run at once: each has a socket. */
const MAXIMUM_RUNNING = 10_000;
/** Probes that are started before others get their turn: some milliseconds. */
const STARTS_PER_TURN = 100;
/** The first probes of few targets come soon, those of many are spread over their whole interval. */
const SPREAD_MILLISECONDS = 500;
const SPREAD_PER_TARGET_MILLISECONDS = 1;

/**
 * Timers that ring later than this ring in a process that stood still, or whose host did: a busy one is late by some
 * milliseconds. Timers come before sockets then, so that answers that are there are not read yet.
 */
const STANDSTILL_MILLISECONDS = 100;

export interface SchedulerInput {
  readonly start: StartProbe;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  readonly maximumRunning?: number;
  /** Is told every verdict. */
  readonly onVerdict?: (target: Target, verdict: Verdict) => void;
}

interface Watch {
  readonly target: Target;
  readonly tell: (verdict: Verdict) => void;
  /** When its probes are due: this, and whole intervals later. */
  readonly phase: number;
  isStopped: boolean;
  running: RunningProbe | undefined;
  /** Whether the next one is due, and begins as soon as the one that is running has ended. */
  isNextDue: boolean;
}

type Event =
  | { readonly kind: 'Start'; readonly watch: Watch }
  | {
      readonly kind: 'Expire';
      readonly watch: Watch;
      readonly probe: RunningProbe;
      readonly started: number;
      /** Whether it is the second one, as this process stood still when the first one was due. */
      readonly isSecond: boolean;
    };

/**
 * Runs all probes with one timer. The probes of a target are whole intervals apart, however late a single one is; of a
 * target one runs at a time. Beyond the maximum they wait for each other, and sometimes this process stands still:
 * neither counts as time that the server took.
 */
export class ProbeScheduler implements Prober {
  readonly #input: SchedulerInput;
  readonly #events = new TimeHeap<Event>();
  readonly #waiting = new Set<Watch>();
  #running = 0;
  #watched = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerTime = Infinity;

  constructor(input: SchedulerInput) {
    this.#input = input;
  }

  /** How many probes are under way. */
  get running(): number {
    return this.#running;
  }

  watch(target: Target, tell: (verdict: Verdict) => void): () => void {
    const spread = SPREAD_MILLISECONDS + SPREAD_PER_TARGET_MILLISECONDS * this.#watched++;
    const window = Math.min(target.check.intervalMilliseconds, spread);
    const phase = performance.now() + this.#input.random() * window;
    const watch: Watch = { target, tell, phase, isStopped: false, running: undefined, isNextDue: false };
    this.#plan(phase, { kind: 'Start', watch });
    return () => {
      this.#stop(watch);
    };
  }

  #stop(watch: Watch): void {
    if (watch.isStopped) return;
    watch.isStopped = true;
    this.#watched--;
    this.#waiting.delete(watch);
    if (watch.running === undefined) return;
    watch.running.expire();
    this.#free(watch);
  }

  #plan(time: number, event: Event): void {
    this.#events.push(time, event);
    if (time < this.#timerTime) this.#setTimer(time);
  }

  #setTimer(time: number): void {
    clearTimeout(this.#timer);
    this.#timerTime = time;
    this.#timer = setTimeout(
      () => {
        this.#timerTime = Infinity;
        this.#turn();
      },
      Math.max(0, time - performance.now()),
    );
    // Probes alone keep no process alive.
    this.#timer.unref();
  }

  #turn(): void {
    const now = performance.now();
    let starts = 0;
    for (let time = this.#events.nextTime; time !== undefined && time <= now; time = this.#events.nextTime) {
      if (starts >= STARTS_PER_TURN) break;
      const event = this.#events.pop();
      if (event === undefined) break;
      if (event.kind === 'Expire') this.#expire(event, now, now - time);
      else if (this.#isDue(event.watch, now)) {
        this.#begin(event.watch);
        starts++;
      }
    }
    const next = this.#events.nextTime;
    if (next !== undefined && next < this.#timerTime) this.#setTimer(next);
  }

  /** Plans the next probe of the target. Of those that were missed meanwhile one is made up for. */
  #isDue(watch: Watch, now: number): boolean {
    if (watch.isStopped) return false;
    if (watch.running !== undefined) {
      watch.isNextDue = true;
      return false;
    }
    const { intervalMilliseconds } = watch.target.check;
    const count = Math.floor((now - watch.phase) / intervalMilliseconds) + 1;
    this.#plan(watch.phase + count * intervalMilliseconds, { kind: 'Start', watch });
    if (this.#running < (this.#input.maximumRunning ?? MAXIMUM_RUNNING)) return true;
    this.#waiting.add(watch);
    return false;
  }

  #begin(watch: Watch): void {
    const started = performance.now();
    this.#running++;
    const probe = this.#input.start(watch.target, (outcome) => {
      if (watch.running === probe) this.#settle(watch, outcome, started);
    });
    watch.running = probe;
    this.#plan(started + watch.target.check.timeoutMilliseconds, {
      kind: 'Expire',
      watch,
      probe,
      started,
      isSecond: false,
    });
  }

  /** Gives back what a standstill took, once, and no more than the whole time that the server has. */
  #expire(event: Event & { readonly kind: 'Expire' }, now: number, lateMilliseconds: number): void {
    const { watch, probe, started, isSecond } = event;
    if (watch.running !== probe) return;
    if (!isSecond && lateMilliseconds > STANDSTILL_MILLISECONDS) {
      const { timeoutMilliseconds } = watch.target.check;
      this.#plan(now + Math.min(lateMilliseconds, timeoutMilliseconds), { ...event, isSecond: true });
      return;
    }
    this.#settle(watch, probe.expire(), started);
  }

  #settle(watch: Watch, outcome: Outcome, started: number): void {
    this.#free(watch);
    const verdict = { ...outcome, latencyMilliseconds: performance.now() - started };
    this.#input.onVerdict?.(watch.target, verdict);
    watch.tell(verdict);
    if (!watch.isNextDue) return;
    watch.isNextDue = false;
    this.#plan(performance.now(), { kind: 'Start', watch });
  }

  #free(watch: Watch): void {
    watch.running = undefined;
    this.#running--;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.#begin(next);
  }
}
