import type { ServiceState } from '../../health/index.js';
import { serviceFamily } from '../../model/index.js';
import type { ServicePolicy, WantedService } from '../../model/index.js';
import type { Connections } from './connections.js';
import type { Departures } from './departures.js';
import { describeDeparture, describeHealth } from './describe.js';
import type { Paths } from './paths.js';
import type { TakenOut } from './taken-out.js';
import type { Targets } from './targets.js';
import type { Templates } from './templates.js';
import type { HealthSnapshot, ServerCounts, ServiceHealth, ServiceStanding, ServiceTally } from './types.js';

/** A service whose servers something besides its declaration decides about. */
export interface Overlaid {
  readonly declared: WantedService;
  readonly policy: ServicePolicy;
  readonly state: ServiceState;
  /** Whether the kernel shall have its servers exactly as they are declared. */
  readonly isAsDeclared: boolean;
}

/** What is looked at. All of it changes. */
export interface ViewInput {
  /** All services, with the servers of this moment; those too that lead checks to servers. */
  readonly services: ReadonlyMap<string, WantedService>;
  readonly paths: Paths;
  readonly overlaid: ReadonlyMap<string, Overlaid>;
  readonly departures: Departures;
  readonly takenOut: TakenOut;
  readonly targets: Targets;
  readonly connections: Connections;
  readonly templates: Templates;
}

/** What others are told of how servers are. */
export class HealthView {
  readonly #input: ViewInput;

  constructor(input: ViewInput) {
    this.#input = input;
  }

  /** `undefined` where everything is as declared and nothing is checked. */
  standingOf(key: string): ServiceStanding | undefined {
    const overlaid = this.#input.overlaid.get(key);
    if (overlaid === undefined) return undefined;
    const { healthy, takers, isSorry, leaving } = overlaid.state;
    return { healthy, takers, isSorry, leaving: leaving.size, keepsClients: this.#keepsClients(overlaid) };
  }

  /** Services that nobody declares any more, and that keep their connections for now. */
  *departures(): Generator<{ readonly key: string; readonly object: string; readonly keepsClients: boolean }> {
    for (const [key, { object, sinceMilliseconds, isPersistent }] of this.#input.departures.all) {
      if (sinceMilliseconds === null) continue;
      yield { key, object, keepsClients: isPersistent && this.#input.templates.keepClients };
    }
  }

  /** Counts the servers of every service, little by little; those that leave come last. */
  *tally(): Generator<ServiceTally> {
    const { services, paths, overlaid, departures } = this.#input;
    for (const [key, service] of services) {
      if (paths.services.has(key)) continue;
      const one = overlaid.get(key);
      const servers: Tally = { ...NOBODY };
      if (one === undefined) countDeclared(service, servers);
      else count(one, servers);
      const { hasQuorum, isSorry } = one?.state ?? { hasQuorum: true, isSorry: false };
      const family = serviceFamily(service.key);
      yield { object: service.object, family, isLeaving: false, servers, hasQuorum, isSorry };
    }
    for (const { key, object, servers, sinceMilliseconds } of departures.all.values()) {
      if (sinceMilliseconds === null) continue;
      const leaving = { ...NOBODY, leaving: servers.length };
      const family = serviceFamily(key);
      yield { object, family, isLeaving: true, servers: leaving, hasQuorum: true, isSorry: false };
    }
  }

  /** Describes services that are not as declared: so many at most. */
  snapshot(maximumServices: number): HealthSnapshot {
    const { overlaid, departures, takenOut, targets } = this.#input;
    const services: ServiceHealth[] = [];
    const servers: Tally = { ...NOBODY };
    const counts = { otherCount: 0, sorryServices: 0, servicesWithoutQuorum: 0, departingServices: 0 };
    const others = [...departures.all].filter(([, { sinceMilliseconds }]) => sinceMilliseconds !== null);
    counts.departingServices = others.length;
    counts.otherCount = others.length;
    for (const [key, departure] of others) {
      servers.leaving += departure.servers.length;
      if (services.length < maximumServices) services.push(this.#describeDeparture(key, departure));
    }
    for (const [key, one] of overlaid) {
      count(one, servers);
      if (one.state.isSorry) counts.sorryServices++;
      if (!one.state.hasQuorum) counts.servicesWithoutQuorum++;
      if (one.isAsDeclared) continue;
      if (counts.otherCount++ < maximumServices) services.push(this.#describe(key, one));
    }
    const { size: checks, failing: failingChecks } = targets;
    return { checks, failingChecks, ...counts, servers, drains: takenOut.all, services };
  }

  /** Describes these services, or all, little by little. Of those that nothing is known of there is nothing. */
  *describe(keys?: Iterable<string>): Generator<ServiceHealth> {
    const { overlaid, departures } = this.#input;
    for (const key of keys ?? new Set([...overlaid.keys(), ...departures.all.keys()])) {
      const one = overlaid.get(key);
      const departure = departures.all.get(key);
      if (one !== undefined) yield this.#describe(key, one);
      else if (departure !== undefined && departure.sinceMilliseconds !== null) {
        yield this.#describeDeparture(key, departure);
      }
    }
  }

  #describe(key: string, overlaid: Overlaid): ServiceHealth {
    const { takenOut, targets, connections } = this.#input;
    return describeHealth(key, overlaid, {
      drains: takenOut.all,
      targets,
      connections,
      keepsClients: this.#keepsClients(overlaid),
    });
  }

  #describeDeparture(key: string, departure: Parameters<typeof describeDeparture>[1]): ServiceHealth {
    return describeDeparture(key, departure, {
      connections: this.#input.connections,
      keepsClients: departure.isPersistent && this.#input.templates.keepClients,
    });
  }

  #keepsClients({ declared, state }: Overlaid): boolean {
    if (declared.settings.persistence === null || !this.#input.templates.keepClients) return false;
    return state.servers.some(({ weight }) => weight === 0);
  }
}

type Tally = { -readonly [State in keyof ServerCounts]: number };

const NOBODY: ServerCounts = { healthy: 0, idle: 0, failing: 0, leaving: 0, sorry: 0 };

/** Where nothing but the declaration decides. */
function countDeclared({ servers: declared }: WantedService, servers: Tally): void {
  for (const { weight } of declared) servers[weight > 0 ? 'healthy' : 'idle']++;
}

function count({ declared, state }: Overlaid, servers: Tally): void {
  servers.healthy += state.healthy;
  servers.failing += state.failing.size;
  servers.idle += declared.servers.length - state.healthy - state.failing.size;
  servers.leaving += state.leaving.size;
  if (state.isSorry) servers.sorry += state.takers;
}
