import type { Advice, AdvisedWeight } from '../../../src/health/index.js';
import { HOSTS } from './histories.js';
import type { CheckedPort, ServiceCase, Step } from './histories.js';

/** Weights by host, as a table has them or may have them. */
export type Weights = ReadonlyMap<number, number>;

interface CheckMemory {
  passing: boolean;
  contrary: number;
  isDown: boolean;
  mode: 'Ready' | 'Drain' | 'Maintenance';
  weight: AdvisedWeight | null;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** Which weights the servers of a service may have at a moment; the others are not there, unless they leave. */
export type Face = ReadonlyMap<number, Range>;

/** What documentation promises of a service, by what was heard of its servers; said without the code that keeps it. */
export class Expectation {
  service: ServiceCase;
  isDeclared = true;
  readonly #drained = new Set<number>();
  /** By host and check. */
  #checks = new Map<string, CheckMemory>();
  /** How often a check, or what a server says, could change what a server is. */
  changes = 0;

  /** `undefined` where it depends on what is not followed here: what a service was that left and came back. */
  #holdsQuorum: boolean | undefined = true;

  constructor(service: ServiceCase) {
    this.service = service;
    this.#watch();
    this.#holdsQuorum = this.#decideQuorum();
  }

  /** Takes in a step; what it says is looked at together. */
  take(step: Step): void {
    this.#takeIn(step);
    this.#holdsQuorum = this.isDeclared ? this.#decideQuorum() : undefined;
  }

  #takeIn(step: Step): void {
    switch (step.kind) {
      case 'Verdicts':
        for (let i = 0; i < step.count; i++) this.#hear(step.host, step.port, step.passes);
        return;
      case 'AllVerdicts':
        for (let i = 0; i < step.count; i++) {
          for (const host of HOSTS) this.#hearAll(host, step.passing.includes(host));
        }
        return;
      case 'Advise':
        for (let i = 0; i < step.count; i++) this.#hearAll(step.host, true, step.advice);
        return;
      case 'Declare':
        this.service = step.service;
        this.isDeclared = true;
        this.#watch();
        return;
      case 'DeclareServers':
        this.service = { ...this.service, servers: step.servers };
        this.isDeclared = true;
        this.#watch();
        return;
      case 'Remove':
        this.isDeclared = false;
        this.#checks.clear();
        return;
      case 'Restore':
        this.isDeclared = true;
        this.#watch();
        return;
      case 'Restart':
      case 'SlowRestart':
      case 'Kill':
        for (const check of this.#checks.values()) check.contrary = 0;
        return;
      case 'Drain':
        this.#drained.add(step.host);
        return;
      case 'Undrain':
        this.#drained.delete(step.host);
        return;
      case 'Wait':
      case 'Connections':
    }
  }

  isDrained(host: number): boolean {
    return this.#drained.has(host);
  }

  get scale(): number {
    return this.service.slowStartSeconds === null ? 1 : 100;
  }

  /** The weight that a declared server asks for. */
  askedOf(host: number): number {
    const declared = (this.service.servers.find((server) => server.host === host)?.weight ?? 0) * this.scale;
    const checks = this.#checksOf(host);
    if (declared === 0 || checks.some(({ mode }) => mode !== 'Ready')) return 0;
    const said = checks.flatMap(({ weight }) => (weight === null ? [] : [this.#amount(declared, weight)]));
    return said.length === 0 ? declared : Math.min(...said);
  }

  isPassing(host: number): boolean {
    return this.#checksOf(host).every(({ passing }) => passing);
  }

  /** Servers that pass, have a weight and are not drained. */
  usable(): readonly number[] {
    return this.service.servers
      .map(({ host }) => host)
      .filter((host) => this.isPassing(host) && this.askedOf(host) > 0 && !this.isDrained(host));
  }

  /** Sorry servers that can stand in. */
  standIns(): Weights {
    const able = this.service.sorryServers.filter(({ host, weight }) => weight > 0 && !this.isDrained(host));
    return new Map(able.map(({ host, weight }) => [host, weight * this.scale]));
  }

  /**
   * What the service may look like now.
   *
   * @param before the hosts that it had, and that did not leave
   */
  faces(before: ReadonlySet<number>): readonly Face[] {
    const standIns = this.standIns();
    if (standIns.size === 0) return [this.#face(undefined, before)];
    const ways = this.#holdsQuorum === undefined ? [true, false] : [this.#holdsQuorum];
    return ways.map((holds) => this.#face(holds ? undefined : standIns, before));
  }

  #decideQuorum(): boolean | undefined {
    const { minimum, hysteresis, measure } = this.service.quorum;
    const unit = measure === 'Weight' ? this.scale : 1;
    const worth = (hosts: readonly number[]): number =>
      hosts.reduce((sum, host) => sum + (measure === 'Count' ? 1 : this.askedOf(host)), 0);
    const available = worth(this.usable());
    const hosts = this.service.servers.map(({ host }) => host);
    const whole = worth(hosts.filter((host) => this.askedOf(host) > 0 && !this.isDrained(host)));
    if (available < minimum * unit) return false;
    return available >= (minimum + hysteresis) * unit || available >= whole ? true : this.#holdsQuorum;
  }

  #face(standIns: Weights | undefined, before: ReadonlySet<number>): Face {
    const { servers, whenNoneAvailable, onFailure, slowStartSeconds } = this.service;
    const keepsAll = standIns === undefined && this.usable().length === 0 && whenNoneAvailable === 'KeepAll';
    const face = new Map<number, Range>();
    const put = (host: number, most: number, least = most): void => {
      face.set(host, { least, most });
    };
    for (const { host } of servers) {
      const asked = this.askedOf(host);
      if (this.isPassing(host)) {
        if (standIns !== undefined || asked === 0 || this.isDrained(host)) put(host, 0);
        else put(host, asked, slowStartSeconds === null ? asked : 1);
      } else if (keepsAll && !this.isDrained(host)) put(host, asked);
      else if (onFailure === 'ZeroWeight') put(host, 0);
    }
    for (const [host, weight] of standIns ?? []) put(host, weight);
    for (const { host } of this.service.sorryServers) {
      if (this.isDrained(host) && before.has(host) && !face.has(host)) put(host, 0);
    }
    return face;
  }

  #amount(declared: number, weight: AdvisedWeight): number {
    const most = 65_535 * this.scale;
    if (weight.kind === 'Absolute') return Math.min(most, weight.weight * this.scale);
    if (weight.percent === 0) return 0;
    return Math.max(1, Math.min(most, Math.round((declared * weight.percent) / 100)));
  }

  #checksOf(host: number): readonly CheckMemory[] {
    return this.service.checks.flatMap((check) => this.#checks.get(this.#nameOf(host, check)) ?? []);
  }

  #nameOf(host: number, { port, rise, fall }: ServiceCase['checks'][number]): string {
    return `${host}:${port} ${rise} ${fall} ${this.service.initialState}`;
  }

  /** A check that is declared anew, or otherwise, begins anew. */
  #watch(): void {
    const before = this.#checks;
    this.#checks = new Map();
    for (const check of this.service.checks) {
      for (const { host } of this.service.servers) {
        const name = this.#nameOf(host, check);
        const passing = this.service.initialState === 'Passing';
        const fresh: CheckMemory = { passing, contrary: 0, isDown: false, mode: 'Ready', weight: null };
        this.#checks.set(name, before.get(name) ?? fresh);
      }
    }
  }

  #hearAll(host: number, passes: boolean, advice?: Advice): void {
    for (const { port } of this.service.checks) this.#hear(host, port, passes, advice);
  }

  #hear(host: number, port: CheckedPort, passes: boolean, advice: Advice = {}): void {
    const asks = this.service.checks.find((check) => check.port === port);
    const check = asks && this.#checks.get(this.#nameOf(host, asks));
    if (asks === undefined || check === undefined) return;
    const isHeldOut = (): boolean => check.isDown || check.mode === 'Maintenance';
    const was = { isHeldOut: isHeldOut(), ...check };
    if (advice.state !== undefined) check.isDown = advice.state === 'Down';
    check.mode = advice.mode ?? check.mode;
    if (advice.weight !== undefined) {
      check.weight = advice.weight.kind === 'Percent' && advice.weight.percent === 100 ? null : advice.weight;
    }
    const passesNow = passes && !isHeldOut();
    check.contrary = passesNow === check.passing ? 0 : check.contrary + 1;
    const isSaid = was.isHeldOut || isHeldOut();
    if (check.contrary >= (check.passing ? asks.fall : asks.rise) || (isSaid && check.contrary > 0)) {
      check.passing = passesNow;
      check.contrary = 0;
    }
    const isOther = JSON.stringify(was.weight) !== JSON.stringify(check.weight) || was.mode !== check.mode;
    if (was.passing !== check.passing || isOther) this.changes++;
  }
}
