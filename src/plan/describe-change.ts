import { realServerKeyText, serviceKeyText } from '../model/index.js';
import type { Operation } from '../model/index.js';
import {
  daemonParts,
  listDifferences,
  listParts,
  listSetParts,
  serverParts,
  serviceParts,
  timeoutParts,
} from './describe-state.js';
import { quantity } from './plan-sentences.js';
import type { Before, Change } from './plan.js';

/**
 * One change as a line by itself, in an operator's words: `real server 192.168.0.1:80 of shop/web (TCP 10.0.0.1:80):
 * weight 1 -> 2`.
 */
export function describeChange({ operation, before = {}, object }: Change): string {
  return `${describeSubject(operation, object)}: ${describeFate(operation, before)}`;
}

function describeSubject(operation: Operation, object: string | undefined): string {
  const owner = object === undefined ? undefined : object.slice(object.indexOf(' ') + 1);
  switch (operation.kind) {
    case 'AddService':
    case 'EditService':
    case 'DeleteService': {
      const key = serviceKeyText(operation.key);
      return owner === undefined ? `service ${key}` : `service ${owner} (${key})`;
    }
    case 'AddServer':
    case 'EditServer':
    case 'DeleteServer': {
      const key = serviceKeyText(operation.key);
      const service = owner === undefined ? key : `${owner} (${key})`;
      return `real server ${realServerKeyText(operation.server)} of ${service}`;
    }
    case 'ZeroStatistics':
      return operation.key === null ? 'all counters' : `counters of ${serviceKeyText(operation.key)}`;
    case 'Flush':
      return 'the whole table';
    case 'SetTimeouts':
      return 'timeouts';
    case 'StartDaemon':
      return `${operation.daemon.role} sync daemon`;
    case 'StopDaemon':
      return `${operation.role} sync daemon`;
    case 'SetSysctl':
      return `sysctl net.ipv4.vs.${operation.name}`;
  }
}

function describeFate(operation: Operation, before: Before): string {
  switch (operation.kind) {
    case 'AddService':
      return `added, ${listParts(serviceParts(operation.settings))}`;
    case 'EditService':
      if (before.settings === undefined) return 'changed';
      return listDifferences(serviceParts(before.settings), serviceParts(operation.settings), ' ');
    case 'DeleteService':
      return before.serverCount ? `removed with ${quantity(before.serverCount, 'real server')}` : 'removed';
    case 'AddServer':
      return `added, ${listParts(serverParts(operation.server))}`;
    case 'EditServer':
      if (before.server === undefined) return 'changed';
      return listDifferences(serverParts(before.server), serverParts(operation.server), ' ');
    case 'DeleteServer':
      return 'removed';
    case 'ZeroStatistics':
      return 'set to zero';
    case 'Flush':
      return 'removed';
    case 'SetTimeouts':
      if (before.timeouts === undefined) return listParts(timeoutParts(operation.timeouts));
      return listSetParts(timeoutParts(before.timeouts), timeoutParts(operation.timeouts), ' ');
    case 'StartDaemon':
      return `started, ${listParts(daemonParts(operation.daemon))}`;
    case 'StopDaemon':
      return 'stopped';
    case 'SetSysctl':
      return before.sysctl === undefined ? operation.value : `${before.sysctl} -> ${operation.value}`;
  }
}
