import type { Check, CheckMethod, Quorum, ServicePolicy } from '../../model/index.js';
import type { DeclaredCheck, VirtualServiceSpec } from '../declared.js';
import {
  DEFAULT_CHECK_VERB,
  DEFAULT_FALL,
  DEFAULT_INITIAL_STATE,
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_ON_FAILURE,
  DEFAULT_RISE,
  DEFAULT_TIMEOUT_SECONDS,
  SLOW_START_SCALE,
} from '../schema/limits.js';

const DEFAULT_STATUSES = ['200-399'];

/** All of a policy but its sorry servers, which differ from port to port. `undefined` where it says nothing. */
export function policyOf(spec: VirtualServiceSpec): Omit<ServicePolicy, 'sorryServers'> | undefined {
  const { health, quorum, sorryServers = [], whenNoneAvailable = 'Drop', drain, slowStart } = spec;
  const decides = [health, quorum, drain, slowStart].some((part) => part !== undefined);
  if (!decides && sorryServers.length === 0) return undefined;
  return {
    checks: health?.checks.map(checkOf) ?? [],
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

function checkOf(check: DeclaredCheck): Check {
  return {
    intervalMilliseconds: (check.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS) * 1000,
    timeoutMilliseconds: (check.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    rise: check.rise ?? DEFAULT_RISE,
    fall: check.fall ?? DEFAULT_FALL,
    port: check.port ?? null,
    method: methodOf(check),
  };
}

function methodOf(check: DeclaredCheck): CheckMethod {
  switch (check.type) {
    case 'TCP':
      return { type: 'TCP', send: check.tcp?.send ?? '', expect: check.tcp?.expect ?? '' };
    case 'HTTP':
      return httpOf(check.http ?? {});
  }
}

function httpOf(http: NonNullable<DeclaredCheck['http']>): CheckMethod {
  const { tls } = http;
  return {
    type: 'HTTP',
    verb: http.method ?? DEFAULT_CHECK_VERB,
    path: http.path ?? '/',
    host: http.host ?? null,
    headers: http.headers ?? [],
    statuses: (http.expectStatus ?? DEFAULT_STATUSES).map(statusRange),
    bodyText: http.expectBody ?? '',
    bodyPattern: http.expectBodyPattern ?? '',
    tls:
      tls === undefined
        ? null
        : {
            serverName: tls.serverName ?? null,
            isVerified: tls.verify ?? true,
            trusted: tls.caCertificates ?? null,
          },
  };
}

function statusRange(text: string): { readonly first: number; readonly last: number } {
  const [first = '', last = first] = text.split('-');
  return { first: Number(first), last: Number(last) };
}
