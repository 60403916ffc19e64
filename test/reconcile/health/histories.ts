import fc from 'fast-check';
import type { Advice } from '../../../src/health/index.js';
import type { Spec } from '../health-bench.js';

/** Hosts of real servers: 192.168.0.1 and so on. A sorry server may be the first of them, too. */
export const HOSTS = [1, 2, 3, 4] as const;
const SORRY_HOSTS = [1, 8, 9] as const;

/** Ports that checks ask. */
export const CHECKED_PORTS = [80, 81] as const;
export type CheckedPort = (typeof CHECKED_PORTS)[number];

export interface DeclaredServer {
  readonly host: number;
  readonly weight: number;
}

/** What of a virtual service its health is about. */
export interface ServiceCase {
  readonly servers: readonly DeclaredServer[];
  /** A check for each of the first ports. */
  readonly checks: readonly { readonly port: CheckedPort; readonly rise: number; readonly fall: number }[];
  readonly initialState: 'Passing' | 'Failing';
  readonly onFailure: 'Remove' | 'ZeroWeight';
  readonly whenNoneAvailable: 'Drop' | 'KeepAll';
  readonly quorum: { readonly measure: 'Count' | 'Weight'; readonly minimum: number; readonly hysteresis: number };
  readonly sorryServers: readonly DeclaredServer[];
  readonly drainSeconds: number | null;
  readonly slowStartSeconds: number | null;
}

export type Step =
  | {
      readonly kind: 'Verdicts';
      readonly host: number;
      readonly port: CheckedPort;
      readonly passes: boolean;
      readonly count: number;
    }
  /** Every server at once, each so. */
  | { readonly kind: 'AllVerdicts'; readonly passing: readonly number[]; readonly count: number }
  | { readonly kind: 'Advise'; readonly host: number; readonly advice: Advice; readonly count: number }
  | { readonly kind: 'Wait'; readonly seconds: number }
  | { readonly kind: 'Connections'; readonly host: number; readonly count: number }
  | { readonly kind: 'Declare'; readonly service: ServiceCase }
  | { readonly kind: 'DeclareServers'; readonly servers: readonly DeclaredServer[] }
  | { readonly kind: 'Remove' | 'Restore' }
  /** `SlowRestart`: its source needs so long that the controller begins without it. */
  | { readonly kind: 'Restart' | 'SlowRestart' | 'Kill' }
  | { readonly kind: 'Drain' | 'Undrain'; readonly host: number };

/** Declared weights with slow start are 655 at most: that fits every service. */
const weight = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: 2, max: 655 }) },
);

/** Mostly some of them. */
function serversOf(hosts: readonly number[]): fc.Arbitrary<readonly DeclaredServer[]> {
  const some = (minLength: number) => fc.shuffledSubarray([...hosts], { minLength });
  return fc
    .oneof({ weight: 1, arbitrary: some(0) }, { weight: 4, arbitrary: some(Math.min(3, hosts.length - 1)) })
    .chain((chosen) => fc.tuple(...chosen.map((host) => fc.record({ host: fc.constant(host), weight }))));
}

const checks = fc
  .array(fc.record({ rise: fc.integer({ min: 1, max: 3 }), fall: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 0,
    maxLength: 2,
  })
  .map((some) => some.map((check, i) => ({ ...check, port: CHECKED_PORTS[i] ?? 80 })));

export const serviceCase: fc.Arbitrary<ServiceCase> = fc.record({
  servers: serversOf(HOSTS),
  checks,
  initialState: fc.constantFrom('Passing' as const, 'Failing' as const),
  onFailure: fc.constantFrom('Remove' as const, 'ZeroWeight' as const),
  whenNoneAvailable: fc.constantFrom('Drop' as const, 'KeepAll' as const),
  quorum: fc.record({
    measure: fc.constantFrom('Count' as const, 'Weight' as const),
    minimum: fc.integer({ min: 1, max: 3 }),
    hysteresis: fc.integer({ min: 0, max: 3 }),
  }),
  sorryServers: serversOf(SORRY_HOSTS),
  drainSeconds: fc.constantFrom(null, 5, 30),
  slowStartSeconds: fc.constantFrom(null, 2, 30),
});

const host = fc.constantFrom(...HOSTS);
const anyHost = fc.constantFrom(...HOSTS, ...SORRY_HOSTS);

/** What says something of the weight alone, and what takes servers out. */
const advice: fc.Arbitrary<Advice> = fc.oneof(
  fc.record({
    weight: fc.record({ kind: fc.constant('Percent' as const), percent: fc.integer({ min: 0, max: 200 }) }),
  }),
  fc.record({ weight: fc.record({ kind: fc.constant('Percent' as const), percent: fc.constant(1) }) }),
  fc.record({
    weight: fc.record({ kind: fc.constant('Absolute' as const), weight: fc.constantFrom(0, 1, 253, 65_535) }),
  }),
  fc.record({ mode: fc.constantFrom('Ready' as const, 'Drain' as const, 'Maintenance' as const) }),
  fc.record({ state: fc.constantFrom('Up' as const, 'Down' as const) }),
);

/** So many verdicts in a row decide, whatever `rise` and `fall` are. */
export const DECISIVE_COUNT = 3;

/** @param counts how many verdicts come in a row */
export function steps(counts: fc.Arbitrary<number>): fc.Arbitrary<readonly Step[]> {
  const step = fc.oneof<fc.WeightedArbitrary<Step>[]>(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('Verdicts' as const),
        host,
        port: fc.constantFrom(...CHECKED_PORTS),
        passes: fc.boolean(),
        count: counts,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('AllVerdicts' as const),
        passing: fc.subarray([...HOSTS]),
        count: counts,
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('Advise' as const), host, advice, count: counts }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('Wait' as const), seconds: fc.integer({ min: 1, max: 40 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('Connections' as const), host: anyHost, count: fc.nat({ max: 2 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('Declare' as const), service: serviceCase }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('DeclareServers' as const), servers: serversOf(HOSTS) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('Remove' as const, 'Restore' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom('Restart' as const, 'SlowRestart' as const, 'Kill' as const) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('Drain' as const, 'Undrain' as const), host: anyHost }) },
  );
  return fc.array(step, { minLength: 1, maxLength: 14 });
}

export function addressOf(host: number): string {
  return `192.168.0.${host}`;
}

/** The declaration that says so. */
export function specOf(service: ServiceCase): Partial<Spec> {
  const { servers, checks: asked, sorryServers, drainSeconds, slowStartSeconds, quorum } = service;
  const { initialState, onFailure, whenNoneAvailable } = service;
  const { measure, minimum, hysteresis } = quorum;
  const entryOf = ({ host: number, weight: declared }: DeclaredServer) => ({
    address: addressOf(number),
    weight: declared,
  });
  return {
    realServers: servers.map(entryOf),
    sorryServers: sorryServers.map(entryOf),
    whenNoneAvailable,
    quorum: { ...(measure === 'Count' ? { minimumHealthy: minimum } : { minimumWeight: minimum }), hysteresis },
    ...(asked.length === 0
      ? {}
      : {
          health: {
            initialState,
            onFailure,
            checks: asked.map(({ port, rise, fall }) => ({ name: `port-${port}`, type: 'TCP', port, rise, fall })),
          },
        }),
    ...(drainSeconds === null ? {} : { drain: { timeoutSeconds: drainSeconds } }),
    ...(slowStartSeconds === null ? {} : { slowStart: { durationSeconds: slowStartSeconds } }),
  };
}
