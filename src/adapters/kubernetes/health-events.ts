import { happeningsOf } from '../../reconcile/index.js';
import type { ControllerEvent, Happening, HappeningName } from '../../reconcile/index.js';
import type { EventDraft } from './event-recorder.js';
import type { Pacing } from './pacing.js';
import { Waker } from './waker.js';

export interface HealthEventsOptions {
  readonly pacing: Pacing;
  /** What the cluster knows of an object; `undefined` where it does not have it. */
  readonly find: (object: string) => { readonly uid: string | undefined } | undefined;
  readonly note: (draft: EventDraft) => void;
  /** Is called for what is not told since there is too much of it. */
  readonly onLost?: () => void;
}

/** What befalls many servers of an object at a time befalls them within some rounds of the loop. */
const GATHER_MILLISECONDS = 1000;
/** More than this at a time are no news of single objects any more. */
const MAXIMUM_GATHERED = 100;
const NAMED = 3;
const IDLE_MILLISECONDS = 3_600_000;

/** What befell one object, and all servers or services of it that it befell. */
interface Gathered extends Pick<Happening, 'name' | 'object'> {
  readonly areServers: boolean;
  /** Why, by the server's or the service's text. */
  readonly subjects: Map<string, string | undefined>;
}

/**
 * Makes Events of what becomes of servers and services: what befalls several of an object at a time is one, which counts
 * them and names the first. Of objects that the cluster does not have it makes none.
 */
export class HealthEvents {
  readonly #options: HealthEventsOptions;
  readonly #waker: Waker;
  #gathered = new Map<string, Gathered>();

  constructor(options: HealthEventsOptions) {
    this.#options = options;
    this.#waker = new Waker(options.pacing);
  }

  observe(event: ControllerEvent): void {
    for (const happening of happeningsOf(event)) this.#gather(happening);
    if (this.#gathered.size > 0) this.#waker.wake();
  }

  /** Until the signal aborts. A rejection is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#waker.sleep(IDLE_MILLISECONDS, signal);
      await this.#options.pacing.sleep(GATHER_MILLISECONDS, signal);
      this.#tell();
    }
  }

  #gather({ name, object, service, server, reason }: Happening): void {
    const areServers = server !== undefined;
    const id = `${object} ${name} ${String(areServers)}`;
    const gathered = this.#gathered.get(id) ?? { name, object, areServers, subjects: new Map() };
    gathered.subjects.set(server ?? service, reason);
    // What happened last is told last.
    this.#gathered.delete(id);
    if (this.#gathered.size < MAXIMUM_GATHERED) this.#gathered.set(id, gathered);
    else this.#options.onLost?.();
  }

  #tell(): void {
    const { find, note } = this.#options;
    const all = this.#gathered;
    this.#gathered = new Map();
    for (const gathered of all.values()) {
      const { name, object } = gathered;
      const known = find(object);
      const { type, action } = KINDS[name];
      if (known !== undefined) note({ object, uid: known.uid, type, reason: name, action, note: noteOf(gathered) });
    }
  }
}

interface Kind extends Pick<EventDraft, 'type' | 'action'> {
  /** What befell one, and several. */
  readonly one: string;
  readonly several: string;
}

const KINDS: Readonly<Record<HappeningName, Kind>> = {
  ServerDown: { type: 'Warning', action: 'CheckServers', one: 'fails', several: 'fail' },
  ServerUp: { type: 'Normal', action: 'CheckServers', one: 'passes again', several: 'pass again' },
  QuorumLost: { type: 'Warning', action: 'CheckServers', one: 'lost its quorum', several: 'lost their quorum' },
  QuorumRegained: {
    type: 'Normal',
    action: 'CheckServers',
    one: 'has its quorum again',
    several: 'have their quorum again',
  },
  SorryServersInUse: {
    type: 'Warning',
    action: 'CheckServers',
    one: 'is served by sorry servers',
    several: 'are served by sorry servers',
  },
  SorryServersReleased: {
    type: 'Normal',
    action: 'CheckServers',
    one: 'needs no sorry servers any more',
    several: 'need no sorry servers any more',
  },
  DrainBegan: {
    type: 'Normal',
    action: 'Drain',
    one: 'drains, and keeps the connections that it has',
    several: 'drain, and keep the connections that they have',
  },
  DrainEnded: { type: 'Normal', action: 'Drain', one: 'has drained', several: 'have drained' },
  DrainCancelled: { type: 'Normal', action: 'Drain', one: 'drains no more', several: 'drain no more' },
};

/** `192.168.0.1:80 fails: L4CON connection refused`; `3 real servers fail: 192.168.0.1:80 (L4CON …), …`. */
function noteOf({ name, areServers, subjects }: Gathered): string {
  const { one, several } = KINDS[name];
  const [first] = subjects;
  if (first !== undefined && subjects.size === 1) {
    const [subject, reason] = first;
    return `${areServers ? 'real server' : 'service'} ${subject} ${one}${reason === undefined ? '' : `: ${reason}`}`;
  }
  const named = [...subjects]
    .slice(0, NAMED)
    .map(([subject, reason]) => (reason === undefined ? subject : `${subject} (${reason})`));
  const more = subjects.size - named.length;
  const list = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${subjects.size} ${areServers ? 'real servers' : 'services'} ${several}: ${list}`;
}
