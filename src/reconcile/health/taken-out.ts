import { coversDrain, isDrained } from '../../health/index.js';
import type { ManualDrain } from '../../health/index.js';
import { realServerKeyText } from '../../model/index.js';
import type { RealServerKey, ServicePolicy, WantedService } from '../../model/index.js';
import type { DrainChange } from './types.js';

/** Of a service that says nothing itself, where a person took a server out. */
const NO_POLICY: ServicePolicy = {
  checks: [],
  initialState: 'Passing',
  onFailure: 'Remove',
  quorum: { measure: 'Count', minimum: 1, hysteresis: 0 },
  whenNoneAvailable: 'Drop',
  sorryServers: [],
  drainMilliseconds: null,
  slowStartMilliseconds: null,
};

/** What was taken out before a change, and after it. */
export interface TakenOutChange {
  readonly before: readonly ManualDrain[];
  readonly after: readonly ManualDrain[];
}

/** The servers that people took out. A change is in force once it is kept; one that cannot be kept changes nothing. */
export class TakenOut {
  all: readonly ManualDrain[] = [];
  #next: readonly ManualDrain[] | undefined;
  #changing: Promise<unknown> = Promise.resolve();
  readonly #keep: () => Promise<void>;

  /** @param keep sees to it that `toKeep` outlives a restart */
  constructor(keep: () => Promise<void>) {
    this.#keep = keep;
  }

  /** With a change that is on its way. */
  get toKeep(): readonly ManualDrain[] {
    return this.#next ?? this.all;
  }

  add(drain: ManualDrain): Promise<TakenOutChange> {
    return this.#change((all) => [...all.filter((other) => !coversDrain(drain, other)), drain]);
  }

  /** Ends all that the pattern covers. */
  remove(pattern: ManualDrain): Promise<TakenOutChange> {
    return this.#change((all) => all.filter((drain) => !coversDrain(pattern, drain)));
  }

  /** One after the other. */
  #change(change: (all: readonly ManualDrain[]) => readonly ManualDrain[]): Promise<TakenOutChange> {
    const done = this.#changing.then(async () => {
      const before = this.all;
      const after = change(before);
      this.#next = after;
      try {
        await this.#keep();
        this.all = after;
      } finally {
        this.#next = undefined;
      }
      return { before, after };
    });
    this.#changing = done.catch(() => undefined);
    return done;
  }

  has(server: RealServerKey, service: { readonly key: string; readonly object: string }): boolean {
    return this.all.length > 0 && isDrained(this.all, server, service);
  }

  /** The services that have a server of the pattern, and what has become of these servers by the change. */
  effects(
    services: Iterable<readonly [string, WantedService]>,
    pattern: ManualDrain,
    { before }: TakenOutChange,
  ): { readonly touched: readonly string[]; readonly changes: readonly DrainChange[] } {
    const touched: string[] = [];
    const changes: DrainChange[] = [];
    for (const [key, service] of services) {
      const { servers, object } = service;
      if (!servers.some((server) => isDrained([pattern], server, { key, object }))) continue;
      touched.push(key);
      changes.push(...this.#changesIn(key, service, before));
    }
    return { touched, changes };
  }

  #changesIn(key: string, { servers, object }: WantedService, before: readonly ManualDrain[]): readonly DrainChange[] {
    return servers.flatMap((server): readonly DrainChange[] => {
      const isOut = this.has(server, { key, object });
      if (isOut === isDrained(before, server, { key, object })) return [];
      return [{ service: key, object, server: realServerKeyText(server), step: isOut ? 'TakenOut' : 'LetIn' }];
    });
  }

  /** What decides about the servers of a service; `undefined`: nothing but its declaration. */
  policyOf(key: string, { policy, servers, object }: WantedService): ServicePolicy | undefined {
    if (policy !== undefined || this.all.length === 0) return policy;
    return servers.some((server) => this.has(server, { key, object })) ? NO_POLICY : undefined;
  }
}
