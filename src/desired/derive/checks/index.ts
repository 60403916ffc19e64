import type { Check, CheckMethod } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import { DEFAULT_FALL, DEFAULT_INTERVAL_SECONDS, DEFAULT_RISE, DEFAULT_TIMEOUT_SECONDS } from '../../schema/limits.js';
import { httpOf } from './http.js';
import { tcpOf } from './tcp.js';

/** What a declared check asks, with all that it leaves to defaults. */
export function checkOf(check: DeclaredCheck): Check {
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
      return tcpOf(check.tcp ?? {});
    case 'HTTP':
      return httpOf(check.http ?? {});
  }
}
