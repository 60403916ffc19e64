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

/** The servers that people took out. */
export class TakenOut {
  all: readonly ManualDrain[] = [];

  add(drain: ManualDrain): void {
    this.all = [...this.all.filter((other) => !coversDrain(drain, other)), drain];
  }

  /** Ends all that the pattern covers, and returns how many they were. */
  remove(pattern: ManualDrain): number {
    const before = this.all.length;
    this.all = this.all.filter((drain) => !coversDrain(pattern, drain));
    return before - this.all.length;
  }

  has(server: RealServerKey, service: { readonly key: string; readonly object: string }): boolean {
    return this.all.length > 0 && isDrained(this.all, server, service);
  }

  /** What has become of a service's servers since these were all that were taken out. */
  changesIn(key: string, { servers, object }: WantedService, before: readonly ManualDrain[]): readonly DrainChange[] {
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
