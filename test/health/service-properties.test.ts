import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advisedWeight, NOTHING_ADVISED } from '../../src/health/index.js';
import type { Advised, ServiceState } from '../../src/health/index.js';
import { weightScale } from '../../src/model/index.js';
import type { RealServer, ServicePolicy } from '../../src/model/index.js';
import { describeMoment, policy, real, weights } from './service.js';

const LETTERS = ['a', 'b', 'c', 'd'] as const;

const someLetters = fc.subarray([...LETTERS]).map((letters) => letters.join(''));

const servers = (letters: readonly string[]) =>
  fc
    .tuple(fc.subarray([...letters]), fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 4, maxLength: 4 }))
    .map(([chosen, some]) => chosen.map((letter, i) => real(letter, some[i] ?? 1)));

const policies: fc.Arbitrary<ServicePolicy> = fc
  .record({
    onFailure: fc.constantFrom('Remove' as const, 'ZeroWeight' as const),
    whenNoneAvailable: fc.constantFrom('Drop' as const, 'KeepAll' as const),
    quorum: fc.record({
      measure: fc.constantFrom('Count' as const, 'Weight' as const),
      minimum: fc.integer({ min: 1, max: 4 }),
      hysteresis: fc.integer({ min: 0, max: 4 }),
    }),
    // `a` may be a real server, too.
    sorryServers: servers(['a', 'y', 'z']),
    drainMilliseconds: fc.constantFrom(null, 5000, 60_000),
    slowStartMilliseconds: fc.constantFrom(null, 1500, 60_000),
  })
  .map(policy);

/** What one server says of itself; most say nothing. */
const advised: fc.Arbitrary<Advised> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(NOTHING_ADVISED) },
  {
    weight: 1,
    arbitrary: fc.record({
      state: fc.constant('Up' as const),
      mode: fc.constantFrom('Ready' as const, 'Drain' as const),
      weight: fc.oneof(
        fc.constant(null),
        fc.record({ kind: fc.constant('Percent' as const), percent: fc.integer({ min: 0, max: 200 }) }),
        fc.record({ kind: fc.constant('Absolute' as const), weight: fc.integer({ min: 0, max: 255 }) }),
      ),
    }),
  },
);

interface Moment {
  readonly declared: readonly RealServer[];
  readonly failing: string;
  readonly drained: string;
  readonly ended: string;
  readonly advised: Readonly<Record<string, Advised>>;
  readonly waitSeconds: number;
}

const moments: fc.Arbitrary<readonly Moment[]> = fc.array(
  fc.record({
    declared: servers(LETTERS),
    failing: someLetters,
    drained: someLetters,
    ended: someLetters,
    advised: fc.record({ a: advised, b: advised, c: advised, d: advised }),
    waitSeconds: fc.integer({ min: 0, max: 40 }),
  }),
  { minLength: 1, maxLength: 12 },
);

interface Step extends Moment {
  readonly policy: ServicePolicy;
  readonly seconds: number;
  readonly past: ServiceState | undefined;
  readonly state: ServiceState;
}

function play(one: ServicePolicy, history: readonly Moment[]): readonly Step[] {
  const steps: Step[] = [];
  let seconds = 0;
  for (const moment of history) {
    seconds += moment.waitSeconds;
    const past = steps.at(-1)?.state;
    const facts = { ...moment, policy: one, seconds };
    const state = describeMoment(past === undefined ? facts : { ...facts, past });
    steps.push({ ...facts, past, state });
  }
  return steps;
}

function letterOf(server: RealServer): string {
  return weights({ servers: [server] }).charAt(0);
}

function isUsable(server: RealServer, { failing, drained }: Pick<Moment, 'failing' | 'drained'>): boolean {
  const letter = letterOf(server);
  return server.weight > 0 && !failing.includes(letter) && !drained.includes(letter);
}

/** The declared servers with the weights that they ask for. */
function asked({ declared, advised: said, policy: one }: Step): readonly RealServer[] {
  return declared.map((server) => {
    const own = said[letterOf(server)] ?? NOTHING_ADVISED;
    return { ...server, weight: advisedWeight(server.weight, weightScale(one), [own]) };
  });
}

describe('over random histories', () => {
  test('a service is never without a server while a healthy one exists, or a sorry server and no quorum', () => {
    fc.assert(
      fc.property(policies, moments, (one, history) => {
        for (const step of play(one, history)) {
          const takes = step.state.servers.some(({ weight }) => weight > 0);
          const healthy = asked(step).some((server) => isUsable(server, step));
          const sorry = one.sorryServers.some((server) => isUsable(server, { ...step, failing: '' }));
          expect(takes || !(healthy || (sorry && !step.state.hasQuorum))).toBe(true);
        }
      }),
    );
  });

  test('without a healthy server there is no quorum, so that sorry servers stand in', () => {
    fc.assert(
      fc.property(policies, moments, (one, history) => {
        for (const step of play(one, history)) {
          if (!asked(step).some((server) => isUsable(server, step))) expect(step.state.hasQuorum).toBe(false);
        }
      }),
    );
  });

  test('what takes connections has a weight from 1 to the one that it asks for, and is there once', () => {
    fc.assert(
      fc.property(policies, moments, (one, history) => {
        for (const step of play(one, history)) {
          const { state } = step;
          const keys = state.servers.map(({ address, port }) => `${address}:${port}`);
          expect(new Set(keys).size).toBe(keys.length);
          for (const { address, weight } of state.servers) {
            const most = [...asked(step), ...one.sorryServers].filter((server) => server.address === address);
            expect(Number.isInteger(weight) && weight >= 0).toBe(true);
            expect(weight === 0 || most.some((server) => weight <= server.weight)).toBe(true);
          }
        }
      }),
    );
  });

  test('while nothing takes its place, a healthy server has a weight', () => {
    fc.assert(
      fc.property(policies, moments, (one, history) => {
        for (const step of play(one, history)) {
          if (step.state.isSorry) continue;
          for (const server of asked(step).filter((some) => isUsable(some, step))) {
            const now = step.state.servers.find(({ address }) => address === server.address);
            expect(now?.weight).toBeGreaterThan(0);
          }
        }
      }),
    );
  });

  test('looking again at the same moment changes nothing', () => {
    fc.assert(
      fc.property(policies, moments, (one, history) => {
        for (const { state, ...facts } of play(one, history)) {
          // Numbers of connections of the time before a server left say nothing about it.
          expect(describeMoment({ ...facts, ended: '', past: state })).toEqual(state);
        }
      }),
    );
  });

  test('nothing changes before the time that is named for it', () => {
    fc.assert(
      fc.property(policies, moments, fc.double({ min: 0, max: 0.99, noNaN: true }), (one, history, part) => {
        for (const { state, ...facts } of play(one, history)) {
          const end = (state.nextMilliseconds ?? 1e9) / 1000;
          const seconds = facts.seconds + (end - facts.seconds) * part;
          expect(describeMoment({ ...facts, ended: '', past: state, seconds }).servers).toEqual(state.servers);
        }
      }),
    );
  });

  test('a service comes to rest after few changes of itself', () => {
    fc.assert(
      fc.property(policies, moments, (one, history) => {
        for (const { state: first, ...facts } of play(one, history)) {
          let state = first;
          let changes = 0;
          while (state.nextMilliseconds !== undefined) {
            expect(state.nextMilliseconds).toBeGreaterThan(0);
            state = describeMoment({ ...facts, past: state, seconds: state.nextMilliseconds / 1000 });
            changes++;
            expect(changes).toBeLessThanOrEqual(20 * 4 + 8);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('a flapping server', () => {
  test('costs at most one ramp of 20 steps for each time that it comes back', () => {
    const declared = [real('a', 100), real('b', 100)];
    const one = policy({ slowStartMilliseconds: 60_000 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 20 }), (waits) => {
        let state = describeMoment({ declared, policy: one });
        let seconds = 0;
        let operations = 0;
        for (const [i, wait] of waits.entries()) {
          for (let second = 0; second < wait; second++, seconds++) {
            const next = describeMoment({ declared, policy: one, past: state, failing: i % 2 ? '' : 'b', seconds });
            if (weights(next) !== weights(state)) operations++;
            state = next;
          }
        }
        expect(operations).toBeLessThanOrEqual(Math.ceil(waits.length / 2) * 22);
      }),
      { numRuns: 30 },
    );
  });
});
