import { advisedWeight, describeService } from '../../src/health/index.js';
import type { Advised, Past, ServiceState } from '../../src/health/index.js';
import { realServerKeyText, weightScale } from '../../src/model/index.js';
import type { RealServer, ServicePolicy } from '../../src/model/index.js';

/** Every server passes, nothing drains, nothing ramps. */
export function policy(some: Partial<ServicePolicy> = {}): ServicePolicy {
  return {
    checks: [],
    initialState: 'Passing',
    onFailure: 'Remove',
    quorum: { measure: 'Count', minimum: 1, hysteresis: 0 },
    whenNoneAvailable: 'Drop',
    sorryServers: [],
    drainMilliseconds: null,
    slowStartMilliseconds: null,
    ...some,
  };
}

/** `a` is 192.168.0.1, `b` 192.168.0.2, and so on, all on port 80. */
export function real(letter: string, weight = 1): RealServer {
  return {
    address: `192.168.0.${letter.charCodeAt(0) - 96}`,
    port: 80,
    forwarding: 'Masquerade',
    tunnel: null,
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
  };
}

export function keyOf(letter: string): string {
  return realServerKeyText(real(letter));
}

interface Moment {
  readonly declared: readonly RealServer[];
  readonly policy?: ServicePolicy;
  readonly past?: Past;
  /** Letters. */
  readonly failing?: string;
  readonly drained?: string;
  readonly ended?: string;
  /** By letter. */
  readonly advised?: Readonly<Record<string, Advised>>;
  readonly seconds?: number;
}

export function describeMoment(moment: Moment): ServiceState {
  const { declared, past, failing = '', drained = '', ended = '', advised = {}, seconds = 0 } = moment;
  const used = moment.policy ?? policy();
  const adviceOf = (server: RealServer): readonly Advised[] =>
    Object.entries(advised).flatMap(([letter, one]) => (letter === letterOf(server) ? [one] : []));
  return describeService({
    declared,
    policy: used,
    past,
    isPassing: (server) => !failing.includes(letterOf(server)),
    weightOf: (server) => advisedWeight(server.weight, weightScale(used), adviceOf(server)),
    isDrained: (server) => drained.includes(letterOf(server)),
    hasEnded: (key) => Array.from(ended).some((letter) => keyOf(letter) === key),
    nowMilliseconds: seconds * 1000,
  });
}

function letterOf({ address }: RealServer): string {
  return String.fromCharCode(Number(address.split('.')[3]) + 96);
}

/** `a1 b0`: the servers and their weights. */
export function weights({ servers }: Pick<ServiceState, 'servers'>): string {
  return servers.map((server) => `${letterOf(server)}${server.weight}`).join(' ');
}
