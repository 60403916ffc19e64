import type { Check } from './checks/index.js';
import type { RealServer } from './real-server.js';

/** What of a virtual service decides from moment to moment which of its real servers take new connections. */
export interface ServicePolicy {
  /** All must pass; none: every server passes. */
  readonly checks: readonly Check[];
  /** What a server is until its first verdict. */
  readonly initialState: 'Passing' | 'Failing';
  /** Whether a server that fails goes, or keeps its connections with weight 0. */
  readonly onFailure: 'Remove' | 'ZeroWeight';
  readonly quorum: Quorum;
  /** Without sorry servers, when every server fails: remove them all, or keep them all. */
  readonly whenNoneAvailable: 'Drop' | 'KeepAll';
  /** These stand in for the real servers while the quorum is lost. */
  readonly sorryServers: readonly RealServer[];
  /** How long a server that is removed may keep its connections; `null`: it goes at once. */
  readonly drainMilliseconds: number | null;
  /** How long the weight of a server that comes back rises; `null`: it does not. Otherwise weights count 100 times. */
  readonly slowStartMilliseconds: number | null;
}

/** With slow start the kernel's weights are so many times the declared ones, so that a ramp has steps. */
export const SLOW_START_SCALE = 100;

/** How many times the weights that people say the kernel's are. */
export function weightScale({ slowStartMilliseconds }: Pick<ServicePolicy, 'slowStartMilliseconds'>): number {
  return slowStartMilliseconds === null ? 1 : SLOW_START_SCALE;
}

export interface Quorum {
  /** Whether healthy servers are counted, or their weights. */
  readonly measure: 'Count' | 'Weight';
  readonly minimum: number;
  /** A lost quorum is back when the minimum is exceeded by this much. */
  readonly hysteresis: number;
}
