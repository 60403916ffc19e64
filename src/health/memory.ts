import type { ManualDrain } from './manual-drain.js';
import type { Advised } from './advice.js';
import type { Leaving } from './leaving.js';

/** What outlives a process, so that a restart changes nothing. Its times are of the day: milliseconds since 1970. */
export interface StoredHealth {
  /** Ids of targets that are not as they would be before their first verdict. */
  readonly targets: readonly string[];
  /** By the target's id: what was said of servers. */
  readonly advised: Readonly<Record<string, Advised>>;
  /** By service key text: services that are not as declared. */
  readonly services: Readonly<Record<string, StoredService>>;
  readonly drains: readonly ManualDrain[];
  /** By service key text: services that nobody declares any more, and that keep their connections for a while. */
  readonly departures: Readonly<Record<string, StoredDeparture>>;
}

export interface StoredDeparture {
  /** The object that it was made for. */
  readonly object: string;
  readonly drainMilliseconds: number;
  /** Since when its servers have weight 0; `null`: it has not been allowed to go yet. */
  readonly sinceMilliseconds: number | null;
}

export interface StoredService {
  readonly hasQuorum: boolean;
  /** Real servers, by `realServerKeyText`, and since when they take connections. */
  readonly ramps: Readonly<Record<string, number>>;
  readonly leaving: readonly Leaving[];
}

export const NOTHING_STORED: StoredHealth = { targets: [], advised: {}, services: {}, drains: [], departures: {} };

/** Keeps it. */
export interface HealthMemory {
  /** What was kept last; nothing where there is none, or none that can be read. */
  load(): Promise<StoredHealth>;
  /** Rejects with UserError where it cannot be written. */
  save(health: StoredHealth): Promise<void>;
}
