import type { Past, ServiceState, StoredDeparture } from '../../health/index.js';
import type { KernelTable } from '../../kernel/index.js';
import { parseServiceKeyText, realServerKeyText, serviceKeyText } from '../../model/index.js';
import type { DepartureStage, RealServer, ServiceKey, ServicePolicy, WantedService } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { Agenda } from './agenda.js';
import type { Connections } from './connections.js';
import type { DrainChange } from './types.js';

/** A service that nobody declares any more, and that keeps its connections for a while once it may go. */
export interface Departure {
  readonly key: ServiceKey;
  /** The object that it was made for. */
  readonly object: string;
  readonly drainMilliseconds: number;
  /** Since when its servers have weight 0; `null`: it has not been allowed to go yet. */
  readonly sinceMilliseconds: number | null;
  readonly servers: readonly RealServer[];
  readonly isPersistent: boolean;
  /** What it was; `undefined` where an earlier process knew. */
  readonly past: Past | undefined;
}

export interface DeparturesInput {
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly connections: Connections;
  /** Whether the kernel's service with this key was made for somebody who is followed here. */
  readonly isOurs: (key: string) => boolean;
  readonly tell: (change: DrainChange) => void;
  /** Is called when what outlives the process is another thing now. */
  readonly onChange: () => void;
}

/** The services that drain as a whole. That one may begin to is the plan's decision; when it is over is decided here. */
export class Departures {
  readonly #input: DeparturesInput;
  readonly #departures = new Map<string, Departure>();
  readonly #stages = new Map<string, DepartureStage>();

  constructor(input: DeparturesInput) {
    this.#input = input;
  }

  /** By key text, as it changes. */
  get stages(): ReadonlyMap<string, DepartureStage> {
    return this.#stages;
  }

  get all(): ReadonlyMap<string, Departure> {
    return this.#departures;
  }

  /** Takes up what an earlier process left; the table tells later which servers there are. */
  restore(stored: Readonly<Record<string, StoredDeparture>>, epochOffset: number): void {
    for (const [text, { object, drainMilliseconds, sinceMilliseconds: since }] of Object.entries(stored)) {
      const key = parseServiceKeyText(text);
      if (key === undefined) continue;
      const sinceMilliseconds = since === null ? null : since - epochOffset;
      const unknown = { servers: [], isPersistent: false, past: undefined };
      this.#set(text, { key, object, drainMilliseconds, sinceMilliseconds, ...unknown });
    }
  }

  /** @param pastOf what a service was, as far as an earlier process kept it */
  seed(table: KernelTable, pastOf: (key: string) => Past | undefined): void {
    for (const [text, departure] of [...this.#departures]) {
      const existing = table.get(text);
      if (existing === undefined || !this.#input.isOurs(text)) {
        this.#drop(text);
        continue;
      }
      const { servers } = existing;
      const isPersistent = existing.settings.persistence !== null;
      this.#set(text, { ...departure, servers, isPersistent, past: asTaking(pastOf(text)) });
      if (departure.sinceMilliseconds !== null) this.#follow(text);
    }
  }

  /** A service is declared no more; nothing comes of it where it is to go at once, or is not ours. */
  add({ key, object, settings }: WantedService, policy: ServicePolicy, state: ServiceState): void {
    const text = serviceKeyText(key);
    const { drainMilliseconds } = policy;
    if (drainMilliseconds === null || !this.#input.isOurs(text)) return;
    const { servers } = state;
    const isPersistent = settings.persistence !== null;
    this.#set(text, {
      key,
      object,
      drainMilliseconds,
      sinceMilliseconds: null,
      servers,
      isPersistent,
      past: asTaking(state),
    });
    this.#input.onChange();
  }

  /** It is declared again: returns what it was. */
  cancel(text: string): Past | undefined {
    const departure = this.#departures.get(text);
    if (departure === undefined) return undefined;
    this.#drop(text);
    if (departure.sinceMilliseconds !== null) this.#tell(text, departure, 'Cancelled');
    return departure.past;
  }

  /** Returns whether it is over since the last look. */
  look(text: string): boolean {
    const departure = this.#departures.get(text);
    if (departure === undefined || departure.sinceMilliseconds === null) return false;
    if (this.#stages.get(text) === 'Over') return false;
    const { clock, connections } = this.#input;
    const hasEnded = departure.servers.every((server) => connections.hasEnded(text, realServerKeyText(server)));
    if (!hasEnded && clock.nowMilliseconds() < departure.sinceMilliseconds + departure.drainMilliseconds) return false;
    this.#stages.set(text, 'Over');
    this.#tell(text, departure, hasEnded ? 'ConnectionsEnded' : 'TimeIsUp');
    return true;
  }

  /** @param began what lost its weights in the round. Returns the objects behind what began, or is gone now. */
  noteRound(began: readonly string[]): readonly string[] {
    const objects: string[] = [];
    for (const text of began) {
      const departure = this.#departures.get(text);
      if (departure === undefined) continue;
      this.#set(text, { ...departure, sinceMilliseconds: this.#input.clock.nowMilliseconds() });
      this.#follow(text);
      this.#tell(text, departure, 'Began');
      objects.push(departure.object);
      this.#input.onChange();
    }
    for (const [text, { object }] of [...this.#departures]) {
      if (this.#input.isOurs(text)) continue;
      this.#drop(text);
      objects.push(object);
    }
    return objects;
  }

  store(epochOffset: number): Readonly<Record<string, StoredDeparture>> {
    return Object.fromEntries(
      Array.from(this.#departures, ([text, { object, drainMilliseconds, sinceMilliseconds: since }]) => [
        text,
        { object, drainMilliseconds, sinceMilliseconds: since === null ? null : Math.round(since + epochOffset) },
      ]),
    );
  }

  #set(text: string, departure: Departure): void {
    this.#departures.set(text, departure);
    this.#stages.set(text, departure.sinceMilliseconds === null ? 'Due' : 'Leaving');
  }

  #follow(text: string): void {
    const departure = this.#departures.get(text);
    if (departure === undefined || departure.sinceMilliseconds === null) return;
    this.#input.connections.watch(departure.key, departure.servers.map(realServerKeyText));
    this.#input.agenda.set(text, departure.sinceMilliseconds + departure.drainMilliseconds);
  }

  #drop(text: string): void {
    const departure = this.#departures.get(text);
    if (departure === undefined) return;
    this.#departures.delete(text);
    this.#stages.delete(text);
    this.#input.connections.watch(departure.key, []);
    this.#input.agenda.set(text, undefined);
    this.#input.onChange();
  }

  #tell(service: string, { object }: Departure, step: DrainChange['step']): void {
    this.#input.tell({ service, object, server: null, step });
  }
}

/** What a service was before its servers lost their weights: they do not count as servers that came back. */
function asTaking(past: Past | undefined): Past | undefined {
  return past && { ...past, resting: new Set() };
}
