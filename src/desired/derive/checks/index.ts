import type { Check, CheckMethod } from '../../../model/index.js';
import type { DeclaredCheck } from '../../declared.js';
import {
  DEFAULT_CHECK_TARGET,
  DEFAULT_FALL,
  DEFAULT_INTERVAL_SECONDS,
  DEFAULT_RISE,
  DEFAULT_TIMEOUT_SECONDS,
} from '../../schema/limits.js';
import { agentOf } from './agent.js';
import { dnsOf } from './dns.js';
import { execOf } from './exec.js';
import { grpcOf } from './grpc.js';
import { httpOf } from './http.js';
import { pingOf } from './ping.js';
import { smtpOf } from './smtp.js';
import { tcpOf } from './tcp.js';
import { udpOf } from './udp.js';

/** The rules refuse a check that says no more. */
const NO_PROGRAM = { command: [''] };

/** What a check that was declared in this namespace asks, with all that it leaves to defaults. */
export function checkOf(check: DeclaredCheck, namespace: string): Check {
  return {
    intervalMilliseconds: (check.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS) * 1000,
    timeoutMilliseconds: (check.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    rise: check.rise ?? DEFAULT_RISE,
    fall: check.fall ?? DEFAULT_FALL,
    target: check.target ?? DEFAULT_CHECK_TARGET,
    address: check.address ?? null,
    sourceAddress: check.sourceAddress ?? null,
    firewallMark: check.firewallMark ?? null,
    port: check.port ?? null,
    method: methodOf(check, namespace),
  };
}

function methodOf(check: DeclaredCheck, namespace: string): CheckMethod {
  switch (check.type) {
    case 'Agent':
      return agentOf(check.agent ?? {});
    case 'DNS':
      return dnsOf(check.dns ?? {});
    case 'Exec':
      return execOf(check.exec ?? NO_PROGRAM);
    case 'GRPC':
      return grpcOf(check.grpc ?? {}, namespace);
    case 'Ping':
      return pingOf(check.ping ?? {});
    case 'SMTP':
      return smtpOf(check.smtp ?? {}, namespace);
    case 'TCP':
      return tcpOf(check.tcp ?? {});
    case 'UDP':
      return udpOf(check.udp ?? {});
    case 'HTTP':
      return httpOf(check.http ?? {}, namespace);
  }
}
