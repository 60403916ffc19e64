import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Expectation } from './expectation.js';
import type { Face, Weights } from './expectation.js';
import { DECISIVE_COUNT, HOSTS, serviceCase, steps } from './histories.js';
import type { ServiceCase, Step } from './histories.js';
import { Leavers } from './leavers.js';
import { Player } from './player.js';
import type { PlayerChanges } from './player.js';

const someSteps = steps(fc.integer({ min: 1, max: DECISIVE_COUNT }));
/** Verdicts come in rows that decide: a restart does not know how many came before it. */
const decisiveSteps = steps(fc.constant(DECISIVE_COUNT));

const NOTHING: Weights = new Map();
/** After so long without news, ramps and drains are over. */
const REST_SECONDS = 70;

async function withPlayer(service: ServiceCase, use: (player: Player) => Promise<void>): Promise<void> {
  const player = new Player(service);
  try {
    await player.begin();
    await use(player);
  } finally {
    await player.end();
  }
}

/** What of the table is not as it looks. */
function differences(table: Weights, face: Face): readonly string[] {
  const wrong: string[] = [];
  for (const [host, { least, most }] of face) {
    const weight = table.get(host);
    if (weight !== undefined && weight >= least && weight <= most) continue;
    wrong.push(`${host} has ${weight ?? 'no weight'} instead of ${least} to ${most}`);
  }
  for (const host of takers(table)) if (!face.has(host)) wrong.push(`${host} takes connections`);
  return wrong;
}

/** How the table looks, which must be as it may. */
function faceOf(table: Weights, expected: Expectation, before: ReadonlySet<number>): Face {
  const faces = expected.faces(before);
  const fitting = faces.find((face) => differences(table, face).length === 0);
  if (fitting === undefined) throw new Error(faces.map((face) => differences(table, face).join(', ')).join('; or '));
  return fitting;
}

function takers(table: Weights): readonly number[] {
  return [...table].filter(([, weight]) => weight > 0).map(([host]) => host);
}

function isRestart({ kind }: Step): boolean {
  return kind === 'Restart' || kind === 'SlowRestart' || kind === 'Kill';
}

/** Follows a service over its history, and holds its table to what is promised. */
class Auditor {
  readonly #expected: Expectation;
  readonly #player: Player;
  readonly #leavers = new Leavers();
  /** Hosts that were there at the last look, and did not leave. */
  #settled: ReadonlySet<number> = new Set();
  /** When the service itself has to be gone at the latest. */
  #departure = Infinity;

  constructor(service: ServiceCase, player: Player) {
    this.#expected = new Expectation(service);
    this.#player = player;
  }

  async begin(): Promise<void> {
    await this.#look();
  }

  async play(step: Step): Promise<void> {
    const { isDeclared, service } = this.#expected;
    if (step.kind === 'Remove' && isDeclared) {
      this.#departure = this.#player.milliseconds + (service.drainSeconds ?? 0) * 1000;
    }
    await this.#player.play(step);
    this.#expected.take(step);
    if (step.kind === 'Connections') this.#leavers.setConnections(step.host, step.count, this.#player.milliseconds);
    if (isRestart(step)) this.#leavers.restart(this.#player.milliseconds);
    await this.#look();
  }

  /** Nothing more is heard: everything comes to where it is to be. */
  async rest(): Promise<void> {
    await this.#player.play({ kind: 'Wait', seconds: REST_SECONDS });
    const table = await this.#look();
    if (!this.#expected.isDeclared) return;
    const whole = [...faceOf(table, this.#expected, this.#settled)].map(([host, { most }]) => [host, most] as const);
    expect(table).toEqual(new Map(whole));
  }

  async #look(): Promise<Weights> {
    const now = this.#player.milliseconds;
    const existing = await this.#player.weights();
    const table = existing ?? NOTHING;
    const expected = this.#expected;
    if (expected.isDeclared) {
      const face = faceOf(table, expected, this.#settled);
      expect(this.#leavers.look(table, face, expected.service.drainSeconds, now)).toEqual([]);
      const canServe = expected.usable().length > 0 || expected.standIns().size > 0;
      expect(takers(table).length > 0 || !canServe).toBe(true);
      expect(takers(table).filter((host) => expected.isDrained(host))).toEqual([]);
    } else {
      expect(takers(table)).toEqual([]);
      if (now >= this.#departure) expect(existing).toBeUndefined();
    }
    this.#settled = new Set([...table.keys()].filter((host) => !this.#leavers.has(host)));
    const before = this.#player.operations;
    await this.#player.refresh();
    expect(this.#player.operations).toBe(before);
    return table;
  }
}

test('servers have the weights that they may have, what leaves is gone in time, and looking again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(serviceCase, someSteps, (service, history) =>
      withPlayer(service, async (player) => {
        const auditor = new Auditor(service, player);
        await auditor.begin();
        for (const step of history) await auditor.play(step);
        await auditor.rest();
      }),
    ),
    { numRuns: 100 },
  );
});

/** Plays a history twice, and demands the same tables after every step. */
async function compare(service: ServiceCase, history: readonly Step[], changes: PlayerChanges): Promise<void> {
  await withPlayer(service, async (player) => {
    const other = new Player(service, changes);
    try {
      await other.begin();
      for (const step of history) {
        await player.play(step);
        await other.play(step);
        expect(await player.weights()).toEqual(await other.weights());
      }
    } finally {
      await other.end();
    }
  });
}

test('the order of what is declared, and of what is heard at once, makes no difference', async () => {
  await fc.assert(
    fc.asyncProperty(serviceCase, someSteps, (service, history) => compare(service, history, { isReversed: true })),
    { numRuns: 100 },
  );
});

test('a restart makes no difference, however slow the sources are then', async () => {
  await fc.assert(
    fc.asyncProperty(serviceCase, decisiveSteps, (service, history) => compare(service, history, { staysUp: true })),
    { numRuns: 100 },
  );
});

/** Servers and sorry servers. */
const MOST_SERVERS = 6;
const MOST_RAMP_STEPS = 20;

test('a server that flaps costs operations by how often it is another one, and nothing while it is not', async () => {
  const flaps = fc.array(
    fc.record({
      host: fc.constantFrom(...HOSTS),
      passes: fc.boolean(),
      count: fc.integer({ min: 1, max: DECISIVE_COUNT }),
      seconds: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(serviceCase, flaps, (service, history) =>
      withPlayer(service, async (player) => {
        const expected = new Expectation(service);
        await player.play({ kind: 'Wait', seconds: REST_SECONDS });
        const begin = player.operations;
        let restsSince = -Infinity;
        for (const { seconds, ...flap } of history) {
          const { changes } = expected;
          const { operations } = player;
          const step: Step = { kind: 'Verdicts', port: 80, ...flap };
          const isAtRest = player.milliseconds >= restsSince + REST_SECONDS * 1000;
          await player.play(step);
          expected.take(step);
          // For what was heard at once each server is written once, and ramps may have a step at the same time.
          const mostOperations = (expected.changes > changes ? MOST_SERVERS : 0) + (isAtRest ? 0 : MOST_SERVERS);
          expect(player.operations - operations).toBeLessThanOrEqual(mostOperations);
          await player.play({ kind: 'Wait', seconds });
          if (expected.changes > changes) restsSince = player.milliseconds;
          else if (isAtRest) expect(player.operations).toBe(operations);
        }
        const perServer = 2 + (service.slowStartSeconds === null ? 0 : MOST_RAMP_STEPS);
        expect(player.operations - begin).toBeLessThanOrEqual(expected.changes * MOST_SERVERS * perServer);
      }),
    ),
    { numRuns: 100 },
  );
});
