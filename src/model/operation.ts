import type { SyncDaemon, SyncRole, Timeouts } from './director.js';
import { realServerKeyText } from './real-server.js';
import type { RealServer, RealServerKey } from './real-server.js';
import { serviceKeyText, syncDaemonKeyText } from './service-key.js';
import type { ServiceKey } from './service-key.js';
import type { ServiceSettings } from './service.js';

/** One write to the kernel. */
export type Operation =
  | { readonly kind: 'AddService'; readonly key: ServiceKey; readonly settings: ServiceSettings }
  | { readonly kind: 'EditService'; readonly key: ServiceKey; readonly settings: ServiceSettings }
  | { readonly kind: 'DeleteService'; readonly key: ServiceKey }
  | { readonly kind: 'AddServer'; readonly key: ServiceKey; readonly server: RealServer }
  | { readonly kind: 'EditServer'; readonly key: ServiceKey; readonly server: RealServer }
  | { readonly kind: 'DeleteServer'; readonly key: ServiceKey; readonly server: RealServerKey }
  /** Sets the counters to zero: of one service with its servers, or (null) of all. */
  | { readonly kind: 'ZeroStatistics'; readonly key: ServiceKey | null }
  /** Deletes every service, whoever made it. */
  | { readonly kind: 'Flush' }
  /** A timeout of 0 is left as it is. */
  | { readonly kind: 'SetTimeouts'; readonly timeouts: Timeouts }
  | { readonly kind: 'StartDaemon'; readonly daemon: SyncDaemon }
  | { readonly kind: 'StopDaemon'; readonly role: SyncRole }
  /** Writes below /proc/sys/net/ipv4/vs. */
  | { readonly kind: 'SetSysctl'; readonly name: string; readonly value: string };

export type OperationKind = Operation['kind'];

/** What an operation does, in words that stand in errors and logs. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'AddService':
      return `add service ${serviceKeyText(operation.key)}`;
    case 'EditService':
      return `edit service ${serviceKeyText(operation.key)}`;
    case 'DeleteService':
      return `delete service ${serviceKeyText(operation.key)}`;
    case 'AddServer':
      return `add real server ${realServerKeyText(operation.server)} to ${serviceKeyText(operation.key)}`;
    case 'EditServer':
      return `edit real server ${realServerKeyText(operation.server)} of ${serviceKeyText(operation.key)}`;
    case 'DeleteServer':
      return `delete real server ${realServerKeyText(operation.server)} from ${serviceKeyText(operation.key)}`;
    case 'ZeroStatistics':
      return operation.key === null ? 'zero all counters' : `zero the counters of ${serviceKeyText(operation.key)}`;
    case 'Flush':
      return 'flush the table';
    case 'SetTimeouts':
      return 'set the timeouts';
    case 'StartDaemon':
      return `start the ${operation.daemon.role} sync daemon on ${operation.daemon.interface}`;
    case 'StopDaemon':
      return `stop the ${operation.role} sync daemon`;
    case 'SetSysctl':
      return `set net.ipv4.vs.${operation.name} to ${operation.value}`;
  }
}

/** What an operation is about: the text of a service's or a daemon's key, `timeouts`, `sysctl NAME`, `counters`, `table`. */
export function subjectOf(operation: Operation): string {
  switch (operation.kind) {
    case 'AddService':
    case 'EditService':
    case 'DeleteService':
    case 'AddServer':
    case 'EditServer':
    case 'DeleteServer':
      return serviceKeyText(operation.key);
    case 'StartDaemon':
      return syncDaemonKeyText(operation.daemon.role);
    case 'StopDaemon':
      return syncDaemonKeyText(operation.role);
    case 'SetTimeouts':
      return 'timeouts';
    case 'SetSysctl':
      return `sysctl ${operation.name}`;
    case 'ZeroStatistics':
      return 'counters';
    case 'Flush':
      return 'table';
  }
}
