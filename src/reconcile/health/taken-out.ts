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

/** A service and all the servers that it has, or may have. */
export interface Staffed {
  readonly key: string;
  readonly object: string;
  readonly declared: readonly RealServerKey[];
  readonly sorry: readonly RealServerKey[];
  readonly leaving: readonly RealServerKey[];
}

/** What a change did. */
export interface TakenOutEffects {
  /** The services that have a server of the pattern, whatever it is to them. */
  readonly touched: readonly string[];
  /** Those of them that declare it as a real server, which takes connections unless something is in its way. */
  readonly declaring: readonly string[];
  /** What has become of the servers; of those that leave nothing else. */
  readonly changes: readonly DrainChange[];
}

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

  /** Those of some servers of a service that are taken out. */
  among(servers: readonly RealServerKey[], service: Pick<Staffed, 'key' | 'object'>): readonly RealServerKey[] {
    return this.all.length === 0 ? [] : servers.filter((server) => this.has(server, service));
  }

  effects(services: Iterable<Staffed>, pattern: ManualDrain, { before }: TakenOutChange): TakenOutEffects {
    const touched: string[] = [];
    const declaring: string[] = [];
    const changes: DrainChange[] = [];
    for (const service of services) {
      const { key, declared, sorry, leaving } = service;
      const isMeant = (server: RealServerKey): boolean => isDrained([pattern], server, service);
      const isDeclared = declared.some(isMeant);
      if (!isDeclared && !sorry.some(isMeant) && !leaving.some(isMeant)) continue;
      touched.push(key);
      if (isDeclared) declaring.push(key);
      changes.push(...this.#changesIn(service, before));
    }
    return { touched, declaring, changes };
  }

  #changesIn(service: Staffed, before: readonly ManualDrain[]): readonly DrainChange[] {
    const { key, object, declared, sorry } = service;
    // A sorry server may be one of the real servers, too.
    const servers = new Map([...declared, ...sorry].map((server) => [realServerKeyText(server), server]));
    return Array.from(servers).flatMap(([text, server]): readonly DrainChange[] => {
      const isOut = this.has(server, service);
      if (isOut === isDrained(before, server, service)) return [];
      return [{ service: key, object, server: text, step: isOut ? 'TakenOut' : 'LetIn' }];
    });
  }

  /** What decides about the servers of a service; `undefined`: nothing but its declaration. */
  policyOf(key: string, { policy, servers, object }: WantedService): ServicePolicy | undefined {
    if (policy !== undefined || this.all.length === 0) return policy;
    return servers.some((server) => this.has(server, { key, object })) ? NO_POLICY : undefined;
  }
}
