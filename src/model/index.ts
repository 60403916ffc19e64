/**
 * Floor 0. The nouns of IPVS as plain readonly data, and their canonical text. Nothing here does I/O, knows YAML, or
 * decides anything.
 */
export { CHECK_TARGETS, DNS_RECORD_TYPES } from './checks/index.js';
export type {
  AgentCheck,
  Check,
  CheckMethod,
  ExecCheck,
  GrpcCheck,
  HttpCheck,
  SmtpCheck,
  TcpCheck,
  TlsSettings,
  DnsCheck,
  DnsRecordType,
  PingCheck,
  UdpCheck,
} from './checks/index.js';
export {
  addressBytes,
  addressFamily,
  canonicalAddress,
  formatAddress,
  isCanonicalAddress,
  prefixContains,
  parsePrefix,
} from './address.js';
export type { AddressFamily, AddressPrefix } from './address.js';
export { DEFAULT_TIMEOUTS, SYNC_ROLES } from './director.js';
export type { SyncDaemon, SyncRole, Sysctls, Timeouts } from './director.js';
export { CHECKSUM_KINDS, FORWARDING_METHODS, IPIP, TUNNEL_TYPES } from './forwarding.js';
export type { ChecksumKind, ForwardingMethod, Tunnel, TunnelType } from './forwarding.js';
export { FULL_NETMASK, netmaskFromPrefix, prefixFromNetmask } from './netmask.js';
export { describeOperation, subjectOf } from './operation.js';
export type { Operation, OperationKind } from './operation.js';
export { realServerKeyText, sameRealServer, sameRealServers } from './real-server.js';
export type { RealServer, RealServerKey } from './real-server.js';
export {
  compareServiceKeys,
  parseMarkRange,
  parseServiceKeyText,
  serviceFamily,
  serviceKeyText,
  syncDaemonKeyText,
} from './service-key.js';
export type { AddressServiceKey, FirewallMarkServiceKey, MarkRange, Protocol, ServiceKey } from './service-key.js';
export { PROTOCOLS } from './service-key.js';
export { SLOW_START_SCALE, weightScale } from './service-policy.js';
export type { Quorum, ServicePolicy } from './service-policy.js';
export { persistenceEngine, sameServiceSettings, schedulerFlagNames } from './service.js';
export type { KernelService, Persistence, ServiceSettings } from './service.js';
export { NO_CONNECTIONS, NO_STATISTICS } from './statistics.js';
export type { ConnectionCounts, ObservedRealServer, ObservedService, Statistics } from './statistics.js';
export { areChecks, checksOf, NO_CLAIMS } from './wanted.js';
export type { DepartureStage, ExclusiveClaims, WantedDirector, WantedService, WantedState } from './wanted.js';
