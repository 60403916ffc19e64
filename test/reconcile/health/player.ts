import { virtualService } from '../../desired/documents.js';
import { Bench, host, SECOND, WEB, web } from '../health-bench.js';
import { addressOf, HOSTS, specOf } from './histories.js';
import type { ServiceCase, Step } from './histories.js';

const KEY = 'TCP 10.0.0.1:80';
const OBJECT = 'VirtualService shop/web';
/** So long takes every step, as many looks at servers in no time would wait for each other. */
const STEP_MILLISECONDS = 100;
/** A controller waits five seconds for its sources. */
const SLOW_SECONDS = 6;
/** Something else that is declared, so that what is removed is never all that there is. */
const OTHER = virtualService('other', { addresses: ['10.0.0.2'], ports: [{ port: 80 }], realServers: [] });

export interface PlayerChanges {
  /** Whether every list is declared, and everything that is heard at once heard, the other way round. */
  readonly isReversed?: boolean;
  /** Whether restarts are left out; the time that they take passes. */
  readonly staysUp?: boolean;
}

/** Carries a history out on a controller with a kernel, one step after the other. */
export class Player {
  readonly #here = host();
  readonly #changes: PlayerChanges;
  #service: ServiceCase;
  #isDeclared = true;
  #bench: Bench;
  /** Of controllers that have ended. */
  #operationsBefore = 0;
  #millisecondsBefore = 0;

  constructor(service: ServiceCase, changes: PlayerChanges = {}) {
    this.#changes = changes;
    this.#service = service;
    this.#bench = new Bench(this.#here);
  }

  get milliseconds(): number {
    return this.#millisecondsBefore + this.#bench.clock.nowMilliseconds();
  }

  /** How many operations the kernel was asked for. */
  get operations(): number {
    return this.#operationsBefore + this.#bench.operations;
  }

  begin(): Promise<void> {
    return this.#bench.begin(OTHER, ...(this.#isDeclared ? [this.#document()] : []));
  }

  /** Weights by host; `undefined` where the service is not there. */
  async weights(): Promise<ReadonlyMap<number, number> | undefined> {
    const service = (await this.#here.kernel.readTable()).get(KEY);
    if (service === undefined) return undefined;
    return new Map(service.servers.map(({ address, weight }) => [Number(address.split('.')[3]), weight]));
  }

  async play(step: Step): Promise<void> {
    const { prober, clock, controller, source } = this.#bench;
    switch (step.kind) {
      case 'Verdicts':
        for (let i = 0; i < step.count; i++) {
          if (step.passes) prober.pass(addressOf(step.host), step.port);
          else prober.fail(addressOf(step.host), step.port);
        }
        break;
      case 'AllVerdicts':
        for (const one of this.#ordered(HOSTS)) {
          for (let i = 0; i < step.count; i++) {
            if (step.passing.includes(one)) prober.pass(addressOf(one));
            else prober.fail(addressOf(one));
          }
        }
        break;
      case 'Advise':
        for (let i = 0; i < step.count; i++) prober.advise(addressOf(step.host), step.advice);
        break;
      case 'Wait':
        await clock.advance(step.seconds * SECOND);
        return;
      case 'Connections':
        if ((await this.weights())?.has(step.host) !== true) return;
        this.#here.kernel.setConnections(WEB, { address: addressOf(step.host), port: 80 }, { active: step.count });
        return;
      case 'Declare':
        this.#service = step.service;
        this.#declare();
        break;
      case 'DeclareServers':
        this.#service = { ...this.#service, servers: step.servers };
        this.#declare();
        break;
      case 'Restore':
        this.#declare();
        break;
      case 'Remove':
        this.#isDeclared = false;
        source.gone(OBJECT);
        break;
      case 'Restart':
      case 'SlowRestart':
      case 'Kill':
        await this.#restart(step.kind);
        return;
      case 'Drain':
        await controller.drain({ address: addressOf(step.host), port: null, service: null });
        break;
      case 'Undrain':
        await controller.undrain({ address: addressOf(step.host), port: null, service: null });
    }
    await clock.advance(STEP_MILLISECONDS);
  }

  /** Looks at everything again. */
  async refresh(): Promise<void> {
    this.#bench.controller.refresh();
    await this.#bench.clock.settle();
  }

  async end(): Promise<void> {
    await this.#bench.stop();
  }

  /** One that is killed has not saved what it learned in its last second: here it learned nothing then. */
  async #restart(kind: 'Restart' | 'SlowRestart' | 'Kill'): Promise<void> {
    await this.#bench.clock.advance(2 * SECOND);
    if (this.#changes.staysUp === true) {
      if (kind === 'SlowRestart') await this.#bench.clock.advance(SLOW_SECONDS * SECOND);
      return;
    }
    const { stored } = this.#here.memory;
    await this.#bench.stop();
    if (kind === 'Kill') this.#here.memory.stored = stored;
    this.#operationsBefore = this.operations;
    this.#millisecondsBefore = this.milliseconds;
    this.#bench = new Bench(this.#here, 1e12 + this.#millisecondsBefore);
    if (kind === 'SlowRestart') {
      this.#bench.source.presentAll([OTHER]);
      await this.#bench.clock.advance(SLOW_SECONDS * SECOND);
    }
    await this.begin();
  }

  #declare(): void {
    this.#isDeclared = true;
    this.#bench.source.presentAll([this.#document()]);
  }

  #document() {
    const { servers, checks, sorryServers } = this.#service;
    return web(
      [],
      specOf({
        ...this.#service,
        servers: this.#ordered(servers),
        checks: this.#ordered(checks),
        sorryServers: this.#ordered(sorryServers),
      }),
    );
  }

  #ordered<T>(list: readonly T[]): readonly T[] {
    return this.#changes.isReversed === true ? [...list].reverse() : list;
  }
}
