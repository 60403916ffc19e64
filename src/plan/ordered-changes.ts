import type { Change } from './plan.js';

/**
 * How many services are added before the first of their real servers. Many, since each turn from services to servers
 * costs a round trip to the kernel; not all, since a service without servers turns its clients away.
 */
const SERVICES_PER_GROUP = 500;

/**
 * Collects changes and puts them into the one order in which every prefix leaves the kernel in a good state:
 *
 * 1. daemons that go: while one runs, the kernel refuses real servers of the other address family;
 * 2. sysctls and timeouts: a daemon reads some of the sysctls when it starts;
 * 3. group by group, services with their settings, then the real servers that come or take on connections;
 * 4. real servers that go or take no more connections, now that their replacements are there;
 * 5. services that go;
 * 6. daemons that start: the kernel refuses them while there are real servers of the other family. One that has to
 *    start anew stops only now, and what can only be set meanwhile is set.
 */
export class OrderedChanges {
  readonly daemonStops: Change[] = [];
  readonly settings: Change[] = [];
  readonly serverReductions: Change[] = [];
  readonly serviceRemovals: Change[] = [];
  readonly daemonRestarts: Change[] = [];
  readonly settingsAtRest: Change[] = [];
  readonly daemonStarts: Change[] = [];
  readonly #services: Change[][] = [];
  readonly #servers: Change[][] = [];
  #servicesInGroup = SERVICES_PER_GROUP;

  /** The service whose changes follow. */
  beginService(): void {
    if (this.#servicesInGroup === SERVICES_PER_GROUP) {
      this.#services.push([]);
      this.#servers.push([]);
      this.#servicesInGroup = 0;
    }
    this.#servicesInGroup++;
  }

  pushService(change: Change): void {
    this.#services.at(-1)?.push(change);
  }

  pushServer(change: Change): void {
    this.#servers.at(-1)?.push(change);
  }

  /** Little by little: of a table that is filled there are many. */
  *inOrder(): Generator<undefined, readonly Change[]> {
    const groups = this.#services.flatMap((services, i) => [services, this.#servers[i] ?? []]);
    const ordered: Change[] = [];
    for (const changes of [
      this.daemonStops,
      this.settings,
      ...groups,
      this.serverReductions,
      this.serviceRemovals,
      this.daemonRestarts,
      this.settingsAtRest,
      this.daemonStarts,
    ]) {
      for (const change of changes) ordered.push(change);
      yield;
    }
    return ordered;
  }
}
