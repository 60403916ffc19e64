import { realServerKeyText } from '../model/index.js';
import type { RealServer, ServicePolicy } from '../model/index.js';
import { NOBODY_LEAVES, updateLeaving } from './leaving.js';
import type { LeavingServers } from './leaving.js';
import { holdsQuorum } from './quorum.js';
import { rampedWeight } from './ramp.js';

/** How a service is, as far as it is not said by its declaration. */
export interface ServiceState {
  /** What the kernel shall have: the real servers with their weights of this moment. */
  readonly servers: readonly RealServer[];
  readonly hasQuorum: boolean;
  /** Whether sorry servers stand in. */
  readonly isSorry: boolean;
  /** How many of the declared servers pass, have a weight and are not drained. */
  readonly healthy: number;
  /** How many of all servers take connections. */
  readonly takers: number;
  /** Since when servers take connections whose weight still rises, by `realServerKeyText`. */
  readonly ramps: ReadonlyMap<string, number>;
  readonly leaving: LeavingServers;
  /** The declared servers that fail, by `realServerKeyText`. */
  readonly failing: ReadonlyMap<string, RealServer>;
  /** Servers that do not take connections, with slow start only. */
  readonly resting: ReadonlySet<string>;
  /** When this changes by itself; `undefined`: never. */
  readonly nextMilliseconds: number | undefined;
}

/** What a service was before; at a start, what is known of an earlier run. */
export type Past = Pick<ServiceState, 'servers' | 'hasQuorum' | 'ramps' | 'leaving' | 'resting'>;

const NO_PAST: Past = {
  servers: [],
  hasQuorum: true,
  ramps: new Map(),
  leaving: NOBODY_LEAVES,
  resting: new Set(),
};

export interface ServiceFacts {
  /** As declared; empty where the service is to go. */
  readonly declared: readonly RealServer[];
  readonly policy: ServicePolicy;
  /** `undefined` where nothing is known of it: then nothing ramps. */
  readonly past: Past | undefined;
  readonly isPassing: (server: RealServer) => boolean;
  /** The declared weight, or what the server says instead. */
  readonly weightOf: (server: RealServer) => number;
  /** Whether a person took it out. */
  readonly isDrained: (server: RealServer) => boolean;
  /** Whether the connections of a leaving server, by `realServerKeyText`, have ended. */
  readonly hasEnded: (key: string) => boolean;
  readonly nowMilliseconds: number;
}

type Condition = 'Usable' | 'Idle' | 'Failing';

/**
 * What a service's servers are at this moment. It depends on what is, not on the order in which that was heard.
 *
 * - Servers take connections that pass, have a weight and are not drained. The weight is what they say themselves, where
 *   they say one.
 * - While the quorum is lost, usable sorry servers stand in for them. Those that pass keep their connections, with
 *   weight 0. Without sorry servers the quorum changes nothing. One that a person takes out keeps its connections, too.
 * - Where no server is usable and nobody stands in, `KeepAll` keeps all that fail and are not drained.
 */
export function describeService(facts: ServiceFacts): ServiceState {
  const { policy, past = NO_PAST } = facts;
  const declared = facts.declared.map((server) => withWeight(server, facts.weightOf(server)));
  const conditions = declared.map((server) => conditionOf(server, facts));
  const { available, total, healthy } = measure(declared, conditions, facts);
  const hasQuorum = holdsQuorum(policy.quorum, past.hasQuorum, available, total);
  const sorry = hasQuorum ? [] : policy.sorryServers.filter((server) => server.weight > 0 && !facts.isDrained(server));
  const isSorry = sorry.length > 0;
  const keepsAll = !isSorry && healthy === 0 && policy.whenNoneAvailable === 'KeepAll';

  const pace = new Pace(facts);
  const servers: RealServer[] = [];
  for (const [i, server] of declared.entries()) {
    const condition = conditions[i];
    if (condition === 'Usable') servers.push(isSorry ? pace.rest(server) : pace.take(server));
    else if (condition === 'Idle') servers.push(pace.rest(server));
    else if (keepsAll && !facts.isDrained(server)) servers.push(pace.rest(server, server.weight));
    else if (policy.onFailure === 'ZeroWeight') servers.push(pace.rest(server));
    else pace.rest(server);
  }
  for (const server of sorry) putIn(server, servers);
  servers.push(...findRetired(facts, past, servers));

  const takers = servers.filter(({ weight }) => weight > 0).length;
  const leaving = findLeaving(facts, servers);
  for (const { server, deadlineMilliseconds } of leaving.values()) {
    servers.push(server);
    pace.lookAgainAt(deadlineMilliseconds);
  }
  const { ramps, resting, nextMilliseconds } = pace;
  const failing = collectFailing(declared, conditions);
  return { servers, hasQuorum, isSorry, healthy, takers, failing, ramps, leaving, resting, nextMilliseconds };
}

const NOBODY_FAILS: ReadonlyMap<string, RealServer> = new Map();

function collectFailing(servers: readonly RealServer[], conditions: readonly Condition[]): ServiceState['failing'] {
  if (!conditions.includes('Failing')) return NOBODY_FAILS;
  const failing = servers.filter((_, i) => conditions[i] === 'Failing');
  return new Map(failing.map((server) => [realServerKeyText(server), server]));
}

function withWeight(server: RealServer, weight: number): RealServer {
  return server.weight === weight ? server : { ...server, weight };
}

function conditionOf(server: RealServer, { isPassing, isDrained }: ServiceFacts): Condition {
  if (!isPassing(server)) return 'Failing';
  return server.weight > 0 && !isDrained(server) ? 'Usable' : 'Idle';
}

/** What a person took out is missed by nobody, as what is declared to drain. */
function measure(declared: readonly RealServer[], conditions: readonly Condition[], facts: ServiceFacts) {
  const { quorum } = facts.policy;
  let available = 0;
  let total = 0;
  let healthy = 0;
  for (const [i, server] of declared.entries()) {
    if (server.weight === 0 || facts.isDrained(server)) continue;
    const worth = quorum.measure === 'Count' ? 1 : server.weight;
    total += worth;
    if (conditions[i] !== 'Usable') continue;
    available += worth;
    healthy++;
  }
  return { available, total, healthy };
}

/** A sorry server may be one of the real servers, too. */
function putIn(server: RealServer, servers: RealServer[]): void {
  const same = servers.findIndex(({ address, port }) => address === server.address && port === server.port);
  if (same < 0) servers.push(server);
  else servers[same] = server;
}

/** The sorry servers that a person took out after they had stood in: until they are let in again, whatever the quorum. */
function findRetired(
  { policy, isDrained }: ServiceFacts,
  { servers: had, leaving }: Past,
  now: readonly RealServer[],
): readonly RealServer[] {
  const out = policy.sorryServers.filter(isDrained);
  if (out.length === 0) return out;
  const there = new Set(had.map(realServerKeyText));
  for (const key of [...leaving.keys(), ...now.map(realServerKeyText)]) there.delete(key);
  return out.filter((server) => there.has(realServerKeyText(server))).map((server) => withWeight(server, 0));
}

function findLeaving({ declared, policy, past, hasEnded, nowMilliseconds }: ServiceFacts, now: readonly RealServer[]) {
  if (policy.drainMilliseconds === null || past === undefined) return NOBODY_LEAVES;
  if (past.leaving.size === 0 && isSubset(past.servers, now)) return NOBODY_LEAVES;
  const settled = new Set([...declared, ...now].map(realServerKeyText));
  return updateLeaving({
    before: past.leaving,
    had: past.servers,
    isSettled: (key) => settled.has(key),
    hasEnded,
    drainMilliseconds: policy.drainMilliseconds,
    nowMilliseconds,
  });
}

/** Whether all of the one are among the other in the same order, which is nearly always so. */
function isSubset(some: readonly RealServer[], all: readonly RealServer[]): boolean {
  return (
    some.length <= all.length &&
    some.every(({ address, port }, i) => all[i]?.address === address && all[i].port === port)
  );
}

const NO_RAMPS: ReadonlyMap<string, number> = new Map();
const NOBODY_RESTS: ReadonlySet<string> = new Set();

/** Gives servers their weights, and notes what has to be known the next time. */
class Pace {
  nextMilliseconds: number | undefined;
  readonly #facts: ServiceFacts;
  readonly #ramps = new Map<string, number>();
  readonly #resting = new Set<string>();
  #before: ReadonlySet<string> | undefined;

  constructor(facts: ServiceFacts) {
    this.#facts = facts;
  }

  get ramps(): ReadonlyMap<string, number> {
    return this.#ramps.size === 0 ? NO_RAMPS : this.#ramps;
  }

  get resting(): ReadonlySet<string> {
    return this.#resting.size === 0 ? NOBODY_RESTS : this.#resting;
  }

  lookAgainAt(milliseconds: number | undefined): void {
    if (milliseconds === undefined) return;
    this.nextMilliseconds = Math.min(this.nextMilliseconds ?? Infinity, milliseconds);
  }

  /** The server where it takes connections, since now or since before. */
  take(server: RealServer): RealServer {
    const { policy, past, nowMilliseconds } = this.#facts;
    if (policy.slowStartMilliseconds === null || past === undefined) return server;
    const key = realServerKeyText(server);
    const start = this.#isNew(key, past) ? nowMilliseconds : past.ramps.get(key);
    if (start === undefined) return server;
    const point = rampedWeight(server.weight, start, policy.slowStartMilliseconds, nowMilliseconds);
    if (point.nextMilliseconds === undefined) return server;
    this.#ramps.set(key, start);
    this.lookAgainAt(point.nextMilliseconds);
    return withWeight(server, point.weight);
  }

  /** The server where it takes no connections, or takes them only since nobody else does. */
  rest(server: RealServer, weight = 0): RealServer {
    if (this.#facts.policy.slowStartMilliseconds !== null) this.#resting.add(realServerKeyText(server));
    return withWeight(server, weight);
  }

  /** Whether it took no connections until now. */
  #isNew(key: string, past: Past): boolean {
    this.#before ??= new Set(past.servers.map(realServerKeyText));
    return past.resting.has(key) || past.leaving.has(key) || !this.#before.has(key);
  }
}
