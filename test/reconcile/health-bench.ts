import { afterEach } from 'vitest';
import type { DeclaredVirtualService, VirtualServiceDocument } from '../../src/desired/index.js';
import { createController } from '../../src/reconcile/index.js';
import type { Controller, ControllerEvent, ControllerOptions } from '../../src/reconcile/index.js';
import type { StatusSink } from '../../src/sources/index.js';
import { createFakeKernel } from '../../src/testing/index.js';
import type { FakeKernel } from '../../src/testing/index.js';
import { virtualService } from '../desired/documents.js';
import { tcp } from '../plan/states.js';
import type { MarkRange } from '../../src/model/index.js';
import { ManualClock } from './manual-clock.js';
import { MemoryHealth } from './memory-health.js';
import { memoryInventory } from './memory-inventory.js';
import { ScriptedProber } from './scripted-prober.js';
import { ScriptedSource } from './scripted-source.js';

export const SECOND = 1000;
export const WEB = tcp('10.0.0.1');
export const A = '192.168.0.1';
export const B = '192.168.0.2';
export const Z = '192.168.0.9';

export type Spec = VirtualServiceDocument['spec'];

export const CHECKED: Partial<Spec> = { health: { checks: [{ name: 'open', type: 'TCP', fall: 2, rise: 2 }] } };

/** What outlives a controller. */
export function host() {
  return { kernel: createFakeKernel(), inventory: memoryInventory(), memory: new MemoryHealth() };
}

/** What a test has differently. */
export interface BenchChanges {
  readonly options?: Partial<ControllerOptions>;
  readonly statusSink?: StatusSink;
  readonly checkMarks?: MarkRange;
}

export class Bench {
  readonly clock = new ManualClock();
  readonly source = new ScriptedSource();
  readonly prober = new ScriptedProber();
  readonly events: ControllerEvent[] = [];
  readonly kernel: FakeKernel;
  readonly controller: Controller;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  operations = 0;

  constructor({ kernel, inventory, memory } = host(), nowEpochMilliseconds = 1e12, changes: BenchChanges = {}) {
    this.kernel = kernel;
    this.controller = createController({
      kernel,
      inventory,
      sources: [this.source],
      options: { set: 'default', adopt: false, resyncSeconds: 30, flushOnExit: false, ...changes.options },
      ...(changes.statusSink === undefined ? {} : { statusSink: changes.statusSink }),
      ...(changes.checkMarks === undefined ? {} : { surroundings: { checkMarks: changes.checkMarks } }),
      health: {
        checkMarks: changes.checkMarks ?? null,
        prober: this.prober,
        memory,
        nowEpochMilliseconds: () => nowEpochMilliseconds + this.clock.nowMilliseconds(),
      },
      clock: this.clock,
      random: () => 0.5,
      observe: (event) => {
        this.events.push(event);
        if (event.kind === 'RoundFinished') this.operations += event.round.report.done.length;
      },
    });
    this.#running = this.controller.run(this.#ending.signal);
  }

  async begin(...documents: readonly DeclaredVirtualService[]): Promise<void> {
    this.source.presentAll(documents);
    this.source.state('Complete');
    await this.clock.settle();
  }

  async declare(document: DeclaredVirtualService): Promise<void> {
    this.source.presentAll([document]);
    await this.clock.settle();
  }

  async fail(address: string, times = 2): Promise<void> {
    for (let i = 0; i < times; i++) this.prober.fail(address);
    await this.clock.settle();
  }

  async pass(address: string, times = 2): Promise<void> {
    for (let i = 0; i < times; i++) this.prober.pass(address);
    await this.clock.settle();
  }

  /** Of a server that is asked at a virtual address. */
  async failBehind(server: string, times = 2): Promise<void> {
    for (let i = 0; i < times; i++) this.prober.failBehind(server);
    await this.clock.settle();
  }

  /** `192.168.0.1 1`: servers and weights. */
  async servers(key = 'TCP 10.0.0.1:80'): Promise<readonly string[] | undefined> {
    const service = (await this.kernel.readTable()).get(key);
    return service?.servers.map(({ address, weight }) => `${address} ${weight}`).sort();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }
}

const open: Bench[] = [];

export function start(...given: ConstructorParameters<typeof Bench>): Bench {
  const bench = new Bench(...given);
  open.push(bench);
  return bench;
}

afterEach(async () => {
  for (const bench of open.splice(0)) await bench.stop();
});

export function web(
  addresses: readonly string[],
  spec: Partial<Spec> = CHECKED,
  address = '10.0.0.1',
): DeclaredVirtualService {
  return virtualService(address === '10.0.0.1' ? 'web' : `web-${address}`, {
    addresses: [address],
    ports: [{ port: 80 }],
    realServers: addresses.map((server) => ({ address: server })),
    ...spec,
  });
}
