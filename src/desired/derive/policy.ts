import { SLOW_START_SCALE } from '../../model/index.js';
import type { Quorum, ServicePolicy } from '../../model/index.js';
import type { VirtualServiceSpec } from '../declared.js';
import { DEFAULT_INITIAL_STATE, DEFAULT_ON_FAILURE } from '../schema/limits.js';
import { checkOf } from './checks/index.js';

/** All of a policy but its sorry servers, which differ from port to port. `undefined` where it says nothing. */
export function policyOf(spec: VirtualServiceSpec, namespace: string): Omit<ServicePolicy, 'sorryServers'> | undefined {
  const { health, quorum, sorryServers = [], whenNoneAvailable = 'Drop', drain, slowStart } = spec;
  const decides = [health, quorum, drain, slowStart].some((part) => part !== undefined);
  if (!decides && sorryServers.length === 0) return undefined;
  return {
    checks: health?.checks.map((check) => checkOf(check, namespace)) ?? [],
    initialState: health?.initialState ?? DEFAULT_INITIAL_STATE,
    onFailure: health?.onFailure ?? DEFAULT_ON_FAILURE,
    quorum: quorumOf(spec),
    whenNoneAvailable,
    drainMilliseconds: drain === undefined ? null : drain.timeoutSeconds * 1000,
    slowStartMilliseconds: slowStart === undefined ? null : slowStart.durationSeconds * 1000,
  };
}

/** How many times the declared weights the kernel's are. */
export function weightScale({ slowStart }: VirtualServiceSpec): number {
  return slowStart === undefined ? 1 : SLOW_START_SCALE;
}

function quorumOf(spec: VirtualServiceSpec): Quorum {
  const { minimumHealthy = 1, minimumWeight, hysteresis = 0 } = spec.quorum ?? {};
  if (minimumWeight === undefined) return { measure: 'Count', minimum: minimumHealthy, hysteresis };
  const scale = weightScale(spec);
  return { measure: 'Weight', minimum: minimumWeight * scale, hysteresis: hysteresis * scale };
}
