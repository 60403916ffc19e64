import { describeService } from '../../health/index.js';
import type { ManualDrain, Past, ServiceState } from '../../health/index.js';
import type { KernelTable } from '../../kernel/index.js';
import { areChecks, realServerKeyText, sameRealServers } from '../../model/index.js';
import type { ServicePolicy, WantedService, WantedState } from '../../model/index.js';
import { Agenda } from './agenda.js';
import { Connections } from './connections.js';
import { Departures } from './departures.js';
import { Earlier } from './earlier.js';
import { Keeper } from './keeper.js';
import { News } from './news.js';
import { Pace } from './pace.js';
import { Paths } from './paths.js';
import { collectStored, isWorthKeeping } from './stored.js';
import { TakenOut } from './taken-out.js';
import type { Staffed, TakenOutChange, TakenOutEffects } from './taken-out.js';
import { Targets } from './targets.js';
import { Templates } from './templates.js';
import type { OverlayInput } from './types.js';
import { HealthView } from './view.js';
import type { Overlaid } from './view.js';

/** Services between two pauses: some milliseconds of work on a slow machine. */
const SERVICES_PER_STEP = 50;

/** What a service without a policy costs, of one with. */
const PLAIN_SERVICE = 0.05;

/**
 * Stands between what is declared and what is wanted of the kernel: servers that fail, drain or come back have other
 * weights than declared, or are not wanted. Verdicts and times only mark services to be looked at again; what is wanted
 * changes when the loop asks, never in the midst of a round.
 */
export class HealthOverlay {
  readonly view: HealthView;
  readonly #input: OverlayInput;
  readonly #targets: Targets;
  readonly #connections: Connections;
  readonly #agenda = new Agenda();
  readonly #keeper: Keeper;
  #declared: WantedState | undefined;
  /** What is wanted: of services without a policy it is what is declared. */
  readonly #services = new Map<string, WantedService>();
  readonly #overlaid = new Map<string, Overlaid>();
  readonly #marked = new Set<string>();
  readonly #departures: Departures;
  readonly #news: News;
  readonly #takenOut = new TakenOut(() => this.#keeper.saveNow());
  readonly #earlier: Earlier;
  readonly #pace: Pace;
  #isSeeded = false;
  #seeding: Promise<void> | undefined;
  /** Whether all sources have told what they have. */
  #isComplete = false;
  readonly #templates: Templates;
  readonly #paths: Paths;

  constructor(input: OverlayInput) {
    this.#input = input;
    const { clock, kernel, memory, observe, prober } = input;
    const mark = (service: string): void => {
      this.#marked.add(service);
      this.#pace.whenOpen(input.onNews);
    };
    this.#news = new News(observe);
    this.#earlier = new Earlier(input.isOurs);
    this.#pace = new Pace(clock);
    this.#templates = new Templates(kernel);
    this.#connections = new Connections({ kernel, clock, onEnd: mark });
    this.#departures = new Departures({
      clock,
      agenda: this.#agenda,
      connections: this.#connections,
      isOurs: input.isOurs,
      tell: (change) => {
        this.#news.noteDrain(change);
      },
      onChange: () => {
        this.#keeper.noteChange();
      },
    });
    this.#keeper = new Keeper({
      memory,
      clock,
      collect: () => {
        const [targets, departures] = [this.#targets, this.#departures];
        const known = { targets, departures, overlaid: this.#overlaid, earlier: this.#earlier };
        return { ...collectStored(known, this.#epochOffset()), drains: this.#takenOut.toKeep };
      },
      onFailure: (error) => {
        observe({ kind: 'HealthNotSaved', error });
      },
    });
    this.#paths = new Paths(input.checkMarks, (key) => this.#isTaken(key));
    this.#targets = new Targets({
      earlier: this.#earlier,
      paths: this.#paths,
      isMade: (key) => areChecks(input.ownerOf(key) ?? ''),
      prober,
      clock,
      onTransition: ({ target, state }, services) => {
        this.#news.noteCheck({ target, state, services: [...services].sort() });
        for (const service of services) mark(service);
        this.#keeper.noteChange();
      },
      onAdvice: (services) => {
        for (const service of services) mark(service);
        this.#keeper.noteChange();
      },
      onForget: () => {
        this.#keeper.noteChange();
      },
    });
    this.view = new HealthView({
      services: this.#services,
      paths: this.#paths,
      overlaid: this.#overlaid,
      departures: this.#departures,
      takenOut: this.#takenOut,
      targets: this.#targets,
      connections: this.#connections,
      templates: this.#templates,
    });
  }

  /** To be called once, before anything else. */
  async start(): Promise<void> {
    await this.#templates.read();
    const stored = await this.#keeper.load();
    this.#earlier.load(stored);
    this.#takenOut.all = stored.drains;
    this.#departures.restore(stored.departures, this.#epochOffset());
  }

  async finish(): Promise<void> {
    this.#targets.stopAll();
    this.#connections.stop();
    this.#pace.stop();
    await this.#keeper.finish();
  }

  /** The declared state with the servers of this moment. Its services are the overlay's own: they change. */
  over(declared: WantedState): WantedState {
    const hasPaths = this.#input.checkMarks !== null;
    return { ...declared, services: this.#services, departing: this.#departures.stages, hasPaths };
  }

  /**
   * Notes a round that was carried out. Returns the objects behind services that began to leave, or are gone.
   *
   * @param departures services that lost their weights in it
   */
  async noteRound(isFull: boolean, departures: readonly string[]): Promise<readonly string[]> {
    if (isFull) await this.#templates.read();
    this.#targets.startWaiting();
    return this.#departures.noteRound(departures);
  }

  /** Takes in what is declared now of these services. */
  async update(declared: WantedState, keys: Iterable<string>): Promise<void> {
    this.#declared = declared;
    let work = 0;
    for (const key of keys) {
      this.#marked.delete(key);
      this.#look(key, true);
      work += this.#overlaid.has(key) ? 1 : PLAIN_SERVICE;
      if (work < SERVICES_PER_STEP) continue;
      work = 0;
      await this.#input.clock.pause();
    }
  }

  /**
   * Looks again at what was marked, or is due, unless that has to wait for more. Returns the services whose servers, or
   * whose standing, are others now.
   */
  async takeNews(): Promise<ReadonlySet<string>> {
    const changed = new Set<string>();
    this.#news.tell();
    if (this.#pace.isOpen) await this.#lookAtMarked(changed);
    this.#news.tell();
    for (const key of this.#paths.takeChanged()) {
      this.#copyPath(key);
      changed.add(key);
    }
    return changed;
  }

  async #lookAtMarked(changed: Set<string>): Promise<void> {
    for (const key of this.#agenda.takeDue(this.#input.clock.nowMilliseconds())) this.#marked.add(key);
    if (this.#marked.size > 0) this.#pace.noteLook();
    let count = 0;
    for (const key of this.#marked) {
      this.#marked.delete(key);
      if (this.#look(key, false)) changed.add(key);
      if (++count % SERVICES_PER_STEP === 0) await this.#input.clock.pause();
    }
  }

  /** When a service changes by itself. */
  get nextMilliseconds(): number | undefined {
    const next = this.#agenda.nextMilliseconds();
    return next === undefined ? undefined : Math.max(next, this.#pace.nextMilliseconds);
  }

  /**
   * Tells what the kernel had at the start: servers that are gone by now are drained, those that come back ramp up, and
   * what did so already goes on.
   */
  seed(table: KernelTable): Promise<void> {
    return (this.#seeding ??= this.#seed(table));
  }

  async #seed(table: KernelTable): Promise<void> {
    this.#isSeeded = true;
    this.#earlier.see(table);
    this.#departures.seed(table, (key) => this.#earlier.takePast(key, this.#epochOffset()));
    let count = 0;
    for (const key of this.#overlaid.keys()) {
      if (table.has(key) && this.#input.isOurs(key)) this.#look(key, false);
      if (++count % SERVICES_PER_STEP === 0) await this.#input.clock.pause();
    }
    if (this.#isComplete) this.#earlier.forget();
  }

  /** All that is declared is known: nobody comes any more for what an earlier process left. */
  noteComplete(): void {
    this.#isComplete = true;
    if (this.#isSeeded) this.#earlier.forget();
  }

  /** Takes a server out. Resolves, with the services that have it now, when that outlives a restart: else it is not in force. */
  async drain(drain: ManualDrain): Promise<readonly string[]> {
    return this.#noteTakenOut(drain, await this.#takenOut.add(drain)).touched;
  }

  /**
   * Lets servers in again. Resolves with how many drains that ended, and the services that declare them as real servers,
   * when it outlives a restart: else they go on.
   */
  async undrain(pattern: ManualDrain): Promise<{ readonly count: number; readonly services: readonly string[] }> {
    const change = await this.#takenOut.remove(pattern);
    const count = change.before.length - change.after.length;
    return { count, services: count === 0 ? [] : this.#noteTakenOut(pattern, change).declaring };
  }

  #noteTakenOut(pattern: ManualDrain, change: TakenOutChange): TakenOutEffects {
    const effects = this.#takenOut.effects(this.#staffed(), pattern, change);
    for (const drain of effects.changes) this.#news.noteDrain(drain);
    // Sorry servers and those that leave are elsewhere, too.
    for (const key of [...effects.touched, ...this.#overlaid.keys()]) this.#marked.add(key);
    this.#pace.whenOpen(this.#input.onNews);
    return effects;
  }

  /** All services with all their servers, those too that keep their connections for a while. */
  *#staffed(): Generator<Staffed> {
    const declared = this.#declared?.services ?? new Map<string, WantedService>();
    for (const [key, { object, servers, policy }] of declared) {
      const leaving = [...(this.#overlaid.get(key)?.state.leaving.values() ?? [])].map(({ server }) => server);
      yield { key, object, declared: servers, sorry: policy?.sorryServers ?? [], leaving };
    }
    for (const [key, { object, servers }] of this.#departures.all) {
      if (!declared.has(key)) yield { key, object, declared: [], sorry: [], leaving: servers };
    }
  }

  /** Returns whether the servers, or how the service stands, are others now. */
  #look(key: string, isNewlyDeclared: boolean): boolean {
    const declared = this.#declared?.services.get(key);
    const before = this.#overlaid.get(key);
    if (declared === undefined) return this.#lookAtUndeclared(key, before);
    const departed = this.#departures.cancel(key);
    const earlier = this.#earlier.takePast(key, this.#epochOffset());
    const policy = this.#takenOut.policyOf(key, declared);
    if (policy === undefined) {
      if (before !== undefined) this.#forget(key, before);
      this.#services.set(key, declared);
      return before !== undefined && !sameRealServers(before.state.servers, declared.servers);
    }
    // Before the kernel was read, what was thought of a service is no past.
    const past = earlier ?? (this.#isSeeded ? (before?.state ?? departed) : undefined);
    if (isNewlyDeclared) this.#targets.watch(key, declared, policy);
    const state = this.#describe(key, declared, policy, past);
    const isAsDeclared = sameRealServers(state.servers, declared.servers);
    this.#overlaid.set(key, { declared, policy, state, isAsDeclared });
    this.#services.set(key, isAsDeclared ? declared : { ...declared, servers: state.servers });
    this.#agenda.set(key, state.nextMilliseconds);
    this.#noteNews(key, { declared, policy }, before?.state, state, past);
    const takenOut = this.#takenOut.among([...declared.servers, ...policy.sorryServers], {
      key,
      object: declared.object,
    });
    this.#connections.watch(declared.key, state.leaving.keys(), takenOut.map(realServerKeyText));
    if (isWorthKeeping(state) || (before !== undefined && isWorthKeeping(before.state))) this.#keeper.noteChange();
    return before === undefined || !sameState(before.state, state);
  }

  #lookAtUndeclared(key: string, before: Overlaid | undefined): boolean {
    if (before !== undefined) {
      this.#forget(key, before);
      this.#departures.add(before.declared, before.policy, before.state);
    }
    const isOver = this.#departures.look(key);
    const earlier = this.#services.get(key);
    // A declaration that was refused may have had the key of a path.
    this.#copyPath(key);
    return this.#services.get(key) !== earlier || isOver;
  }

  #describe(key: string, declared: WantedService, policy: ServicePolicy, past: Past | undefined): ServiceState {
    const service = { key, object: declared.object };
    return describeService({
      declared: declared.servers,
      policy,
      past,
      isPassing: (server) => this.#targets.isPassing(declared, server, policy),
      weightOf: (server) => this.#targets.weightOf(declared, server, policy),
      isDrained: (server) => this.#takenOut.has(server, service),
      hasEnded: (server) => this.#connections.hasEnded(key, server),
      nowMilliseconds: this.#input.clock.nowMilliseconds(),
    });
  }

  /** Whether a service is, or may become, another one than that of a path. */
  #isTaken(key: string): boolean {
    const owner = this.#input.ownerOf(key);
    if (owner !== undefined && !areChecks(owner)) return true;
    return this.#declared?.services.has(key) === true || this.#declared?.suspended.has(key) === true;
  }

  #copyPath(key: string): void {
    const path = this.#paths.services.get(key);
    if (path === undefined) this.#services.delete(key);
    else this.#services.set(key, path);
  }

  #forget(key: string, overlaid: Overlaid): void {
    const { declared, state } = overlaid;
    this.#overlaid.delete(key);
    this.#targets.forget(key);
    this.#agenda.set(key, undefined);
    this.#connections.watch(declared.key, []);
    this.#noteNews(key, overlaid, state, undefined, undefined);
    if (isWorthKeeping(state)) this.#keeper.noteChange();
  }

  #noteNews(
    service: string,
    { declared, policy }: Pick<Overlaid, 'declared' | 'policy'>,
    before: ServiceState | undefined,
    after: ServiceState | undefined,
    past: Past | undefined,
  ): void {
    this.#news.noteService({
      ...{ service, object: declared.object, before, after, past },
      hasEnded: (server) => this.#connections.hasEnded(service, server),
      causeOf: (server) => this.#targets.causeOf(declared, server, policy),
      nowMilliseconds: this.#input.clock.nowMilliseconds(),
    });
  }

  /** From the controller's clock to the time of the day. */
  #epochOffset(): number {
    return this.#input.nowEpochMilliseconds() - this.#input.clock.nowMilliseconds();
  }
}

function sameState(a: ServiceState, b: ServiceState): boolean {
  return a.isSorry === b.isSorry && a.healthy === b.healthy && sameRealServers(a.servers, b.servers);
}
