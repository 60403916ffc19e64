import { advisedWeight, judge, NOTHING_ADVISED, TargetNames, unaskedState } from '../../health/index.js';
import type { Advised, Behind, CheckState, Prober, Target, Verdict } from '../../health/index.js';
import { realServerKeyText, weightScale } from '../../model/index.js';
import type { RealServer, ServicePolicy, WantedService } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { Earlier } from './earlier.js';
import type { Path, Paths } from './paths.js';

interface Watched {
  readonly target: Target;
  state: CheckState;
  readonly services: Set<string>;
  /** What leads to a virtual address on one server. */
  path: Path | undefined;
  /** `undefined`: it is not asked yet, or cannot be. */
  stop: (() => void) | undefined;
}

/** One flip of a target, between passing and failing. */
export interface Transition {
  readonly target: Target;
  readonly state: CheckState;
}

export interface TargetsInput {
  readonly earlier: Earlier;
  readonly paths: Paths;
  /** Whether a path with this key was made. */
  readonly isMade: (key: string) => boolean;
  readonly prober: Prober;
  readonly clock: Clock;
  /** Is called at a flip, with the services that have the target. */
  readonly onTransition: (transition: Transition, services: ReadonlySet<string>) => void;
  /** Is called when something else is said of a server's weight, with the services that have the target. */
  readonly onAdvice: (services: ReadonlySet<string>) => void;
  /** Is called when nobody has a target any more of which something is kept: declared again, it begins anew. */
  readonly onForget: () => void;
}

/** Says nothing about the server. */
const NO_MARK_LEFT: Verdict = {
  code: 'SOCKERR',
  latencyMilliseconds: 0,
  message: 'never asked: no firewall mark of --check-marks is free',
};

/** All checks of all servers, each once, however many services have it. */
export class Targets {
  readonly #input: TargetsInput;
  readonly #names = new TargetNames();
  readonly #watched = new Map<string, Watched>();
  readonly #byService = new Map<string, ReadonlySet<string>>();
  /** Those that are asked as soon as there is a way to them. */
  readonly #waiting = new Set<Watched>();
  /** Those that no mark is left for. */
  readonly #withoutMark = new Set<Watched>();
  #failing = 0;
  /** How many have something said of them. */
  #advising = 0;

  constructor(input: TargetsInput) {
    this.#input = input;
  }

  get size(): number {
    return this.#watched.size;
  }

  get failing(): number {
    return this.#failing;
  }

  /** Asks the servers of a service from now on, and no others for it. */
  watch(key: string, service: WantedService, policy: ServicePolicy): void {
    const { servers, unconfirmed } = service;
    const before = this.#byService.get(key);
    if (before === undefined && policy.checks.length === 0) return;
    const now = new Set<string>();
    for (const check of policy.checks) {
      for (const server of servers) {
        const target = this.#names.targetOf(service, server, check, policy.initialState);
        now.add(target.id);
        if (before?.has(target.id) === true) {
          this.#restate(target);
          continue;
        }
        this.#join(key, target, unconfirmed?.has(realServerKeyText(server)) === true);
      }
    }
    for (const id of before ?? []) if (!now.has(id)) this.#part(key, id);
    if (now.size > 0) this.#byService.set(key, now);
    else this.#byService.delete(key);
  }

  forget(key: string): void {
    for (const id of this.#byService.get(key) ?? []) this.#part(key, id);
    this.#byService.delete(key);
  }

  isPassing(service: WantedService, server: RealServer, policy: ServicePolicy): boolean {
    return policy.checks.every((check) => this.stateOf(service, server, check, policy)?.isPassing ?? true);
  }

  /** What the first check that fails found last, or the first one where all pass; `null` where it has not asked yet. */
  causeOf(service: WantedService, server: RealServer, policy: ServicePolicy): Verdict | null {
    const states = policy.checks.map((check) => this.stateOf(service, server, check, policy));
    return (states.find((state) => state?.isPassing === false) ?? states[0])?.verdict ?? null;
  }

  /** The declared weight, or what the server says instead. */
  weightOf(service: WantedService, server: RealServer, policy: ServicePolicy): number {
    if (this.#advising === 0) return server.weight;
    const advised = policy.checks.map(
      (check) => this.stateOf(service, server, check, policy)?.advised ?? NOTHING_ADVISED,
    );
    return advisedWeight(server.weight, weightScale(policy), advised);
  }

  stateOf(
    service: WantedService,
    server: RealServer,
    check: ServicePolicy['checks'][number],
    { initialState }: ServicePolicy,
  ): CheckState | undefined {
    return this.#watched.get(this.#names.targetOf(service, server, check, initialState).id)?.state;
  }

  /** Ids of those that are not as they start. */
  changed(): readonly string[] {
    const ids: string[] = [];
    for (const [id, { target, state }] of this.#watched) if (state.isPassing !== startsPassing(target)) ids.push(id);
    return ids;
  }

  /** What was said of servers, by the target's id. */
  advised(): Readonly<Record<string, Advised>> {
    if (this.#advising === 0) return {};
    const advising = [...this.#watched].filter(([, { state }]) => isAdvised(state));
    return Object.fromEntries(advising.map(([id, { state }]) => [id, state.advised]));
  }

  /** After a round: asks what it has made a way to. */
  startWaiting(): void {
    for (const watched of this.#waiting) {
      const { target, path } = watched;
      if (path === undefined || !this.#input.isMade(path.key)) continue;
      this.#waiting.delete(watched);
      this.#start(watched, { ...target, check: { ...target.check, firewallMark: path.mark } });
    }
  }

  stopAll(): void {
    this.#waiting.clear();
    this.#withoutMark.clear();
    for (const { stop } of this.#watched.values()) stop?.();
  }

  #join(key: string, target: Target, isUnconfirmed: boolean): void {
    const known = this.#watched.get(target.id);
    if (known !== undefined) {
      known.services.add(key);
      return;
    }
    const { isChanged, advised } = this.#input.earlier.takeTarget(target);
    const isPassing = !isUnconfirmed && startsPassing(target) !== isChanged;
    const watched: Watched = {
      target,
      state: unaskedState(isPassing, this.#input.clock.nowMilliseconds(), advised),
      services: new Set([key]),
      path: undefined,
      stop: undefined,
    };
    this.#watched.set(target.id, watched);
    this.#count(watched.state, 1);
    if (target.behind === undefined) this.#start(watched, target);
    else this.#lead(watched, target.behind);
  }

  /** Has a way made to the server, if a mark is free. */
  #lead(watched: Watched, behind: Behind): void {
    watched.path = this.#input.paths.open(watched.target.address, behind);
    if (watched.path === undefined) {
      this.#withoutMark.add(watched);
      watched.state = { ...watched.state, verdict: NO_MARK_LEFT };
      return;
    }
    this.#waiting.add(watched);
    if (this.#withoutMark.delete(watched)) watched.state = { ...watched.state, verdict: null };
  }

  #restate({ id, behind }: Target): void {
    const path = this.#watched.get(id)?.path;
    if (path !== undefined && behind !== undefined) this.#input.paths.restate(path, behind);
  }

  #start(watched: Watched, target: Target): void {
    watched.stop = this.#input.prober.watch(target, (verdict) => {
      this.#take(watched, verdict);
    });
  }

  #part(key: string, id: string): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    watched.services.delete(key);
    if (watched.services.size > 0) return;
    watched.stop?.();
    this.#waiting.delete(watched);
    this.#withoutMark.delete(watched);
    this.#watched.delete(id);
    this.#count(watched.state, -1);
    if (isWorthKeeping(watched)) this.#input.onForget();
    if (watched.path === undefined) return;
    this.#input.paths.close(watched.path);
    // Its mark may be free for another one.
    const [next] = this.#withoutMark;
    if (next?.target.behind !== undefined) this.#lead(next, next.target.behind);
  }

  #take(watched: Watched, verdict: Verdict): void {
    const { target, state, services } = watched;
    const now = judge(state, verdict, target.check, this.#input.clock.nowMilliseconds());
    watched.state = now;
    this.#count(state, -1);
    this.#count(now, 1);
    if (now.isPassing !== state.isPassing) this.#input.onTransition({ target, state: now }, services);
    else if (now.advised !== state.advised) this.#input.onAdvice(services);
  }

  #count(state: CheckState, by: 1 | -1): void {
    if (!state.isPassing) this.#failing += by;
    if (isAdvised(state)) this.#advising += by;
  }
}

function isAdvised({ advised }: CheckState): boolean {
  return advised !== NOTHING_ADVISED;
}

function isWorthKeeping({ target, state }: Watched): boolean {
  return state.isPassing !== startsPassing(target) || isAdvised(state);
}

function startsPassing({ initialState }: Target): boolean {
  return initialState === 'Passing';
}
