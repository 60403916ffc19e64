/** How servers are asked, one file for each type of check. */
import type { AgentCheck } from './agent.js';
import type { DnsCheck } from './dns.js';
import type { ExecCheck } from './exec.js';
import type { GrpcCheck } from './grpc.js';
import type { HttpCheck } from './http.js';
import type { PingCheck } from './ping.js';
import type { SmtpCheck } from './smtp.js';
import type { TcpCheck } from './tcp.js';
import type { UdpCheck } from './udp.js';

/** One way to ask a server how it is. */
export interface Check {
  readonly intervalMilliseconds: number;
  readonly timeoutMilliseconds: number;
  /** So many successes in a row make a server that fails pass. */
  readonly rise: number;
  /** So many failures in a row make one that passes fail. */
  readonly fall: number;
  /** Whether it asks the server's own address, or the virtual one on this server; the latter where packets keep it. */
  readonly target: (typeof CHECK_TARGETS)[number];
  /** Where it asks instead of that address; `null`: there. */
  readonly address: string | null;
  /** The address of this host that it asks from; `null`: the one that its routes say. */
  readonly sourceAddress: string | null;
  /** What marks its packets for the rules of this host's routing; `null`: nothing. */
  readonly firewallMark: number | null;
  /** Where it asks; `null`: the server's own port. Pings need none. */
  readonly port: number | null;
  readonly method: CheckMethod;
}

/** Where a check asks. */
export const CHECK_TARGETS = ['RealServer', 'VirtualAddress'] as const;

export type CheckMethod =
  AgentCheck | DnsCheck | ExecCheck | GrpcCheck | HttpCheck | PingCheck | SmtpCheck | TcpCheck | UdpCheck;

export type { AgentCheck } from './agent.js';
export { DNS_RECORD_TYPES } from './dns.js';
export type { DnsCheck, DnsRecordType } from './dns.js';
export type { ExecCheck } from './exec.js';
export type { GrpcCheck } from './grpc.js';
export type { HttpCheck } from './http.js';
export type { PingCheck } from './ping.js';
export type { SmtpCheck } from './smtp.js';
export type { TcpCheck } from './tcp.js';
export type { TlsSettings } from './tls.js';
export type { UdpCheck } from './udp.js';
