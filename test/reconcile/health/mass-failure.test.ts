import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeclaredVirtualService } from '../../../src/desired/index.js';
import type { Prober, Target, Verdict } from '../../../src/health/index.js';
import type { IpvsKernel } from '../../../src/kernel/index.js';
import { createController, SYSTEM_CLOCK } from '../../../src/reconcile/index.js';
import { createFakeKernel } from '../../../src/testing/index.js';
import { virtualService } from '../../desired/documents.js';
import { MemoryHealth } from '../memory-health.js';
import { memoryInventory } from '../memory-inventory.js';
import { ScriptedSource } from '../scripted-source.js';

const FAILED: Verdict = { code: 'L4CON', latencyMilliseconds: 1, message: 'connection refused' };

/** Asks nobody; remembers whom to tell. */
class SilentProber implements Prober {
  readonly tells = new Map<string, (verdict: Verdict) => void>();

  watch(target: Target, tell: (verdict: Verdict) => void): () => void {
    if (this.tells.has(target.id)) throw new Error(`${target.id} is asked twice`);
    this.tells.set(target.id, tell);
    return () => {
      this.tells.delete(target.id);
    };
  }
}

/** A controller that follows the time of this host. */
class Director {
  readonly prober = new SilentProber();
  readonly kernel = createFakeKernel();
  readonly #source = new ScriptedSource();
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  rounds = 0;
  reads = 0;
  applies = 0;
  /** Operations that rounds have done. */
  done = 0;

  constructor() {
    const controller = createController({
      kernel: this.#counted(),
      inventory: memoryInventory(),
      sources: [this.#source],
      options: { set: 'default', adopt: false, resyncSeconds: 600, flushOnExit: false },
      health: {
        prober: this.prober,
        memory: new MemoryHealth(),
        checkMarks: null,
        nowEpochMilliseconds: () => Date.now(),
      },
      clock: SYSTEM_CLOCK,
      random: () => 0.5,
      observe: (event) => {
        if (event.kind !== 'RoundFinished') return;
        this.rounds++;
        this.done += event.round.report.done.length;
      },
    });
    this.#running = controller.run(this.#ending.signal);
  }

  async begin(services: readonly DeclaredVirtualService[], operations: number): Promise<void> {
    this.#source.presentAll(services);
    this.#source.state('Complete');
    await this.finish(operations);
    this.rounds = this.reads = this.applies = this.done = 0;
  }

  /** Waits for so many operations. Returns how often others had their turn meanwhile. */
  async finish(operations: number): Promise<number> {
    let turns = 0;
    for (; this.done < operations; turns++) await turn();
    return turns;
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  #counted(): IpvsKernel {
    const { kernel } = this;
    return {
      readTable: (options) => {
        this.reads++;
        return kernel.readTable(options);
      },
      readServices: (keys, options) => {
        this.reads++;
        return kernel.readServices(keys, options);
      },
      apply: (operations, options) => {
        this.applies++;
        return kernel.apply(operations, options);
      },
      readObservedTable: (options) => kernel.readObservedTable(options),
      readObservedServices: (keys, options) => kernel.readObservedServices(keys, options),
      readInfo: () => kernel.readInfo(),
      readTimeouts: () => kernel.readTimeouts(),
      readDaemons: () => kernel.readDaemons(),
      readSysctls: (names) => kernel.readSysctls(names),
      close: () => kernel.close(),
    };
  }
}

const open: Director[] = [];

afterEach(async () => {
  for (const director of open.splice(0)) await director.end();
});

/** Each with so many servers of its own, and with the shared one where there is one. */
async function directorOf(count: number, ownServers: number, shared?: string): Promise<Director> {
  const services = Array.from({ length: count }, (_, i) => {
    const own = Array.from({ length: ownServers }, (__, j) => `172.${16 + j}.${i >> 8}.${i & 255}`);
    const servers = shared === undefined ? own : [shared, ...own];
    return virtualService(`web-${i}`, {
      addresses: [`10.1.${i >> 8}.${i & 255}`],
      ports: [{ port: 80 }],
      realServers: servers.map((address) => ({ address })),
      health: { checks: [{ name: 'open', type: 'TCP', fall: 1 }] },
    });
  });
  const director = new Director();
  open.push(director);
  await director.begin(services, count * (1 + ownServers + (shared === undefined ? 0 : 1)));
  return director;
}

describe('10,000 servers that fail', () => {
  test('at once are one round, and others have their turns meanwhile', async () => {
    const director = await directorOf(1000, 10);
    for (const tell of director.prober.tells.values()) tell(FAILED);
    expect(await director.finish(10_000)).toBeGreaterThan(20);
    expect(director).toMatchObject({ rounds: 1, reads: 1, applies: 1, done: 10_000 });
  });

  test('one by one are few rounds, by the time that it takes', async () => {
    const director = await directorOf(1000, 10);
    const begin = performance.now();
    for (const tell of director.prober.tells.values()) {
      tell(FAILED);
      await turn();
    }
    await director.finish(10_000);
    const most = 15 + (performance.now() - begin) / 100;
    expect(director.rounds).toBeLessThan(most);
    expect(director.reads).toBeLessThan(most);
    expect(director.applies).toBeLessThan(most);
    expect(director.done).toBe(10_000);
  });
});

describe('a server of 10,000 services', () => {
  test('is asked once, and when it fails that is one round', async () => {
    const director = await directorOf(10_000, 1, '172.31.0.1');
    expect(director.prober.tells.size).toBe(10_001);
    for (const [id, tell] of director.prober.tells) if (id.startsWith('172.31.0.1 ')) tell(FAILED);
    expect(await director.finish(10_000)).toBeGreaterThan(100);
    expect(director).toMatchObject({ rounds: 1, reads: 1, applies: 1, done: 10_000 });
  });
});
