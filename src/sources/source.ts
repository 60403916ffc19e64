import type { Surroundings, UnitChange } from '../desired/index.js';

/** A place that documents come from, and keep coming from: folders of files, a cluster. */
export interface Source {
  /** As status and logs name it: `files /etc/ipvs-operator`, `kubernetes`. */
  readonly name: string;
  /**
   * Reads everything, then follows what changes, and tells the listener, until the signal aborts. Trouble of the world
   * (a folder that vanishes, a server that does not answer) is told and waited out; a rejection is a bug.
   */
  run(listener: SourceListener, signal: AbortSignal): Promise<void>;
  /** Reads everything again, soon. What is equal to what was told before need not be told again. */
  refresh(): void;
}

/** Calls are cheap and never fail: they only take down what is new. */
export interface SourceListener {
  /** Some units are now like this. Units that are not named are as they were. */
  changed(units: readonly UnitChange[]): void;
  /**
   * Whether all that there is has been told: `Reading` until the first complete read, then `Complete`, and `Away` with
   * the reason while the source cannot be reached as a whole. Units stay as they were told while it is away.
   */
  state(state: SourceState): void;
  /** What else decides about the objects is now like this; what is not named is as it was. */
  surroundings(change: Partial<Surroundings>): void;
}

export type SourceState =
  | { readonly kind: 'Reading'; readonly cache?: CacheUse }
  | { readonly kind: 'Complete' }
  | { readonly kind: 'Away'; readonly reason: string; readonly cache?: CacheUse };

/** Units that were told from what was kept of an earlier run, because the source itself does not tell them. */
export interface CacheUse {
  /** When they were known to be all that there is, in milliseconds of the Unix epoch. */
  readonly savedAt: number;
  /** Whether the host was started anew since: then nothing is known of what the servers do now. */
  readonly isOfEarlierBoot: boolean;
  readonly unitCount: number;
}
