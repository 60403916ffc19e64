import type { Check, CheckMethod } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import { DEFAULT_FALL, DEFAULT_INTERVAL_SECONDS, DEFAULT_RISE, DEFAULT_TIMEOUT_SECONDS } from '../../schema/limits.js';
import { grpcOf } from './grpc.js';
import { httpOf } from './http.js';
import { smtpOf } from './smtp.js';
import { tcpOf } from './tcp.js';

/** What a check that was declared in this namespace asks, with all that it leaves to defaults. */
export function checkOf(check: DeclaredCheck, namespace: string): Check {
  return {
    intervalMilliseconds: (check.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS) * 1000,
    timeoutMilliseconds: (check.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    rise: check.rise ?? DEFAULT_RISE,
    fall: check.fall ?? DEFAULT_FALL,
    address: check.address ?? null,
    sourceAddress: check.sourceAddress ?? null,
    firewallMark: check.firewallMark ?? null,
    port: check.port ?? null,
    method: methodOf(check, namespace),
  };
}

function methodOf(check: DeclaredCheck, namespace: string): CheckMethod {
  switch (check.type) {
    case 'GRPC':
      return grpcOf(check.grpc ?? {}, namespace);
    case 'SMTP':
      return smtpOf(check.smtp ?? {}, namespace);
    case 'TCP':
      return tcpOf(check.tcp ?? {});
    case 'HTTP':
      return httpOf(check.http ?? {}, namespace);
  }
}
