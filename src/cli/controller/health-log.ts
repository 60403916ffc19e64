import type { Log } from '../../adapters/log/index.js';
import { targetText } from '../../health/index.js';
import type { CheckChange, DrainChange, HealthEvent } from '../../reconcile/index.js';
import { shortObjectName } from '../names.js';
import { checkStateText } from '../output/health-text.js';

/** More lines than this about one event say less than their number does. */
const MAXIMUM_LINES = 20;

type ServiceEvent = HealthEvent & { readonly kind: 'SorryServers' | 'QuorumChanged' };

/** Writes what becomes of servers as lines that an operator reads. */
export class HealthLog {
  readonly #log: Log;
  /** Of services, which are told one by one: many of them at once are told together. */
  #services: ServiceEvent[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  observe(event: HealthEvent): void {
    if (event.kind === 'SorryServers' || event.kind === 'QuorumChanged') {
      this.#services.push(event);
      return;
    }
    this.flush();
    switch (event.kind) {
      case 'ChecksChanged':
        this.#tellLines(event.changes, (change) => {
          this.#tellCheck(change);
        });
        break;
      case 'ServersChanged':
        // The checks that made them so are told.
        break;
      case 'DrainsChanged':
        this.#tellLines(event.changes, (change) => {
          this.#tellDrain(change);
        });
        break;
      case 'HealthNotSaved':
        this.#log.warn(`what is known of servers is not kept for the next start: ${event.error.message}`);
        break;
    }
  }

  /** To be called before anything else is logged. */
  flush(): void {
    const events = this.#services;
    if (events.length === 0) return;
    this.#services = [];
    // Of a service with sorry servers one line says both.
    const told = events.filter((event) => event.kind === 'SorryServers' || !event.hasSorryServers);
    this.#tellLines(told, (event) => {
      this.#tellService(event);
    });
  }

  #tellService(event: ServiceEvent): void {
    const { service: key, object } = event;
    const place = `service ${shortObjectName(object)} (${key})`;
    switch (event.kind) {
      case 'SorryServers':
        if (event.areInUse) this.#log.warn(`${place}: the quorum is lost, and sorry servers stand in`, { object, key });
        else this.#log.info(`${place}: sorry servers stand in no more`, { object, key });
        break;
      case 'QuorumChanged':
        if (event.holds) this.#log.info(`${place}: the quorum is back`, { object, key });
        else this.#log.warn(`${place}: the quorum is lost, and nobody stands in`, { object, key });
        break;
    }
  }

  #tellCheck({ target, state, services }: CheckChange): void {
    const server = targetText(target);
    const text = `${server}: its ${target.check.method.type} check ${checkStateText(state)} (${nameServices(services)})`;
    if (state.isPassing) this.#log.info(text, { server });
    else this.#log.warn(text, { server });
  }

  #tellDrain({ service, object, server, step }: DrainChange): void {
    const what = server === null ? 'service ' : `real server ${server} of `;
    this.#log.info(`${what}${shortObjectName(object)} (${service}): ${DRAIN_WORDS[step]}`, {
      key: service,
      object,
      ...(server === null ? {} : { server }),
    });
  }

  #tellLines<T>(items: readonly T[], tell: (item: T) => void): void {
    for (const item of items.slice(0, MAXIMUM_LINES)) tell(item);
    if (items.length > MAXIMUM_LINES) {
      this.#log.warn(`and ${items.length - MAXIMUM_LINES} more of the same kind; ipvs-operator status has them`);
    }
  }
}

const DRAIN_WORDS: Readonly<Record<DrainChange['step'], string>> = {
  Began: 'drains: no new connections, and those that it has go on',
  ConnectionsEnded: 'has drained: its connections have ended',
  TimeIsUp: 'has drained for as long as it may, and goes with the connections that are left',
  Cancelled: 'is declared again, and drains no more',
  TakenOut: 'is taken out by a person: no new connections, and those that it has go on',
  LetIn: 'is let in again by a person',
};

/** The first one, and how many others. */
function nameServices(services: readonly string[]): string {
  const [first = ''] = services;
  return services.length > 1 ? `${first} and ${services.length - 1} more` : first;
}
