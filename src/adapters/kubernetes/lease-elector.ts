import { ApiError } from './api-error.js';
import type { ApiClient } from './client.js';
import { createLease, getLease, microTime, updateLease } from './lease.js';
import type { Lease, LeaseCall, LeaseName, LeaseSpec } from './lease.js';
import type { Pacing } from './pacing.js';

/**
 * `Unknown`: the API server has not said for so long who leads that it may be anybody. Whoever has to be sure that it
 * leads alone takes that for Follower; whoever would rather change nothing stays as it is.
 */
export type LeaseRole = 'Leader' | 'Follower' | 'Unknown';

export interface LeaseTiming {
  /** For so long after the last sign of life of a leader nobody takes its place. */
  readonly durationMilliseconds: number;
  /** For so long a leader goes on that cannot renew; less than the duration. */
  readonly renewDeadlineMilliseconds: number;
  /** Between two tries; less than the deadline. */
  readonly retryMilliseconds: number;
}

export const DEFAULT_LEASE_TIMING: LeaseTiming = {
  durationMilliseconds: 15_000,
  renewDeadlineMilliseconds: 10_000,
  retryMilliseconds: 2000,
};

export interface LeaseElectorOptions {
  readonly client: ApiClient;
  readonly lease: LeaseName;
  /** Different for every participant, and the same after its restart. */
  readonly identity: string;
  readonly timing: LeaseTiming;
  readonly pacing: Pacing;
  /** The time of the day, for people: nothing depends on it. */
  readonly now: () => Date;
  /** Is told every change, starting from `Unknown`. Quick, and never throws. */
  readonly onRole: (role: LeaseRole) => void;
}

const NOT_FOUND = 404;
const CONFLICT = 409;
/** So much by chance, so that participants do not ask in step. */
const JITTER = 0.2;

/**
 * Takes part in an election by a Lease, by the rules of Kubernetes' own clients, and so with them: whether a leader is
 * alive is judged by how long ago its last renewal was seen here, never by what its clock said; a change of the lease
 * is tied to the version that was read. A leader that could not renew stops to lead before another one may begin.
 */
export class LeaseElector {
  readonly #options: LeaseElectorOptions;
  #role: LeaseRole = 'Unknown';
  #lease: Lease | undefined;
  /** When the lease was first seen as it is. */
  #observedAt = -Infinity;
  /** When the last answer was asked for: what it said was true at some time after that. */
  #lastContact = -Infinity;

  constructor(options: LeaseElectorOptions) {
    this.#options = options;
  }

  get role(): LeaseRole {
    return this.#role;
  }

  /** Until the signal aborts; a leader resigns then. A rejection is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    const { pacing, timing } = this.#options;
    while (!signal.aborted) {
      const tried = this.#try(signal);
      await this.#untilDeadline(tried, signal);
      await tried;
      await this.#rest(timing.retryMilliseconds * (1 + JITTER * pacing.random()), signal);
    }
    await this.#resign();
    this.#tell('Unknown');
  }

  async #try(signal: AbortSignal): Promise<void> {
    const { client, lease, pacing, timing } = this.#options;
    const start = pacing.nowMilliseconds();
    const call: LeaseCall = { client, lease, timeoutMilliseconds: timing.renewDeadlineMilliseconds, signal };
    try {
      const role = await this.#acquireOrRenew(call);
      if (signal.aborted) return;
      this.#lastContact = start;
      // An answer that took too long says what was, not what is.
      if (!this.#isOverdue()) this.#tell(role);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      // Somebody else wrote: what is known of the lease is out of date.
      if (error.status === CONFLICT) this.#lease = undefined;
    }
    if (this.#isOverdue()) this.#tell('Unknown');
  }

  /** While an answer hangs, time goes on: the role is unknown as soon as it is too old. */
  async #untilDeadline(tried: Promise<void>, signal: AbortSignal): Promise<void> {
    if (this.#role === 'Unknown') return;
    const { pacing, timing } = this.#options;
    const answered = new AbortController();
    const end = (): void => {
      answered.abort();
    };
    signal.addEventListener('abort', end);
    // Whether it failed is for whoever awaits it to say.
    tried.then(end, end);
    const left = this.#lastContact + timing.renewDeadlineMilliseconds - pacing.nowMilliseconds();
    await pacing.sleep(Math.max(0, left), answered.signal);
    signal.removeEventListener('abort', end);
    if (!answered.signal.aborted) this.#tell('Unknown');
  }

  async #rest(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { pacing, timing } = this.#options;
    const left = this.#lastContact + timing.renewDeadlineMilliseconds - pacing.nowMilliseconds();
    await pacing.sleep(this.#role === 'Unknown' ? milliseconds : Math.min(milliseconds, Math.max(0, left)), signal);
    if (!signal.aborted && this.#isOverdue()) this.#tell('Unknown');
  }

  #isOverdue(): boolean {
    const { pacing, timing } = this.#options;
    return pacing.nowMilliseconds() - this.#lastContact >= timing.renewDeadlineMilliseconds;
  }

  async #acquireOrRenew(call: LeaseCall): Promise<LeaseRole> {
    if (this.#role === 'Leader' && this.#lease !== undefined) return this.#take(call, this.#lease);
    const current = await this.#read(call);
    if (current === undefined) {
      this.#observe(await createLease(call, this.#specAfter({})));
      return 'Leader';
    }
    this.#observe(current);
    return this.#isHeldByAnother(current) ? 'Follower' : this.#take(call, current);
  }

  async #take(call: LeaseCall, current: Lease): Promise<LeaseRole> {
    this.#observe(await updateLease(call, current, this.#specAfter(current.spec)));
    return 'Leader';
  }

  async #read(call: LeaseCall): Promise<Lease | undefined> {
    try {
      return await getLease(call);
    } catch (error) {
      if (error instanceof ApiError && error.status === NOT_FOUND) return undefined;
      throw error;
    }
  }

  #observe(lease: Lease): void {
    const isSame = this.#lease !== undefined && sameHold(this.#lease.spec, lease.spec);
    if (!isSame) this.#observedAt = this.#options.pacing.nowMilliseconds();
    this.#lease = lease;
  }

  #isHeldByAnother({ spec }: Lease): boolean {
    const { identity, pacing, timing } = this.#options;
    const { holderIdentity = '', leaseDurationSeconds } = spec;
    if (holderIdentity === '' || holderIdentity === identity) return false;
    const duration = leaseDurationSeconds === undefined ? timing.durationMilliseconds : leaseDurationSeconds * 1000;
    return pacing.nowMilliseconds() < this.#observedAt + duration;
  }

  #specAfter({ holderIdentity, acquireTime, leaseTransitions }: LeaseSpec): LeaseSpec {
    const { identity, timing, now } = this.#options;
    const time = microTime(now());
    const isMine = holderIdentity === identity;
    const isFirst = holderIdentity === undefined && leaseTransitions === undefined;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(timing.durationMilliseconds / 1000),
      acquireTime: isMine && acquireTime !== undefined ? acquireTime : time,
      renewTime: time,
      leaseTransitions: (leaseTransitions ?? 0) + (isMine || isFirst ? 0 : 1),
    };
  }

  /** Lets another one begin at once. Where that fails, it begins when the lease is over. */
  async #resign(): Promise<void> {
    if (this.#role !== 'Leader' || this.#lease === undefined) return;
    const { client, lease, timing, now } = this.#options;
    const time = microTime(now());
    const { leaseTransitions = 0 } = this.#lease.spec;
    try {
      await updateLease({ client, lease, timeoutMilliseconds: timing.retryMilliseconds }, this.#lease, {
        holderIdentity: '',
        leaseDurationSeconds: 1,
        acquireTime: time,
        renewTime: time,
        leaseTransitions,
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #tell(role: LeaseRole): void {
    if (role === this.#role) return;
    this.#role = role;
    this.#options.onRole(role);
  }
}

/** Whether nobody has held or renewed it in between. */
function sameHold(a: LeaseSpec, b: LeaseSpec): boolean {
  return (
    a.holderIdentity === b.holderIdentity &&
    a.renewTime === b.renewTime &&
    a.acquireTime === b.acquireTime &&
    a.leaseTransitions === b.leaseTransitions
  );
}
