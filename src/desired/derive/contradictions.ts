import type { DeclaredDirector, DeclaredDocument, DeclaredVirtualService } from '../declared.js';
import type { PendingIssue } from './pending.js';

const NAME_PATH = ['metadata', 'name'];

export function describeDuplicate(document: DeclaredDocument, earlier: DeclaredDocument): PendingIssue {
  const message = `${document.object} is declared already`;
  return {
    document,
    fault: { path: NAME_PATH, reason: 'Duplicate', message },
    other: { document: earlier, path: NAME_PATH },
  };
}

/** In a cluster the nodes that two Directors select tell which of them applies; a file has one host. */
export function describeRival(document: DeclaredDirector, director: DeclaredDirector): PendingIssue {
  const message = `one director is described by one Director, and that is ${director.object}`;
  return {
    document,
    fault: { path: NAME_PATH, reason: 'Conflict', message },
    other: { document: director, path: NAME_PATH },
  };
}

export function findClusterOnly(document: DeclaredVirtualService): readonly PendingIssue[] {
  return (document.value.spec.realServersFrom ?? []).map((_, i) => ({
    document,
    fault: {
      path: ['spec', 'realServersFrom', i, 'endpointSlices'],
      reason: 'Inconsistent',
      message: 'endpoint slices exist in a cluster only: in files, list the servers under realServers',
    },
  }));
}
