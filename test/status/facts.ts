import { KernelError } from '../../src/errors/index.js';
import type { KernelErrorCode } from '../../src/errors/index.js';
import type { OperationKind } from '../../src/model/index.js';
import type { NodeEntry, ObjectFacts, Part, Standing } from '../../src/status/index.js';

/** Short ways to write facts in tests; what is not said is as it should be. */
export function facts(fields: Partial<ObjectFacts> = {}): ObjectFacts {
  return {
    generation: 1,
    isSuspended: false,
    faults: [],
    remarks: [],
    parts: [part('TCP 10.0.0.1:80')],
    heldBack: [],
    deferred: [],
    departing: [],
    ...fields,
  };
}

export function part(name: string, standing: Standing = { kind: 'Programmed' }, healthy = 2, total = 3): Part {
  return { name, standing, pool: { family: name.includes('[') ? 'IPv6' : 'IPv4', healthy, total } };
}

export function failed(code: KernelErrorCode, operation: OperationKind = 'AddService'): Standing {
  const error = new KernelError({ code, errno: 1, operation: 'add it', detail: `no, because of ${code}` });
  return { kind: 'Failed', operation, error };
}

export function entry(node: string, fields: Partial<NodeEntry> = {}): NodeEntry {
  return {
    node,
    observedGeneration: 1,
    programmed: 1,
    healthy: 2,
    total: 2,
    reason: 'Programmed',
    message: '',
    ...fields,
  };
}
