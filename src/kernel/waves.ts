import type { KernelError } from '../errors/index.js';
import { serviceKeyText } from '../model/index.js';
import type { Operation, ServiceKey } from '../model/index.js';

/**
 * A run of operations that may be sent to the kernel together, because the fate of none of them depends on another one
 * of the same run: from `start` up to, not including, `end`.
 */
export interface Wave {
  readonly start: number;
  readonly end: number;
}

/**
 * What must not have failed earlier in the same call, for the same service:
 *
 * - `service`: the addition of the service. Where it failed with EEXIST somebody else made the service meanwhile, and
 *   no real server of ours belongs into it.
 * - `servers`: that, and all additions and edits of real servers. A server leaves, or gets weight 0, only where its
 *   replacements are in.
 * - `nothing`.
 */
function prerequisiteOf(operation: Operation): 'nothing' | 'service' | 'servers' {
  switch (operation.kind) {
    case 'AddServer':
      return 'service';
    case 'EditServer':
      return operation.server.weight === 0 ? 'servers' : 'service';
    case 'DeleteServer':
      return 'servers';
    default:
      return 'nothing';
  }
}

/** Whether an operation is about one service of the table, so that it can share a wave with others. */
function isTableOperation(operation: Operation): operation is Operation & { readonly key: ServiceKey } {
  return 'key' in operation && operation.key !== null && operation.kind !== 'ZeroStatistics';
}

const ADDED_SERVICE = 1;
const CHANGED_SERVERS = 2;
const BLOCKED_BY = { nothing: 0, service: ADDED_SERVICE, servers: ADDED_SERVICE | CHANGED_SERVERS } as const;

/**
 * Cuts operations into waves, in order. An operation that is not about one service is a wave of its own.
 */
export function* splitIntoWaves(operations: readonly Operation[], maximumLength: number): Generator<Wave> {
  let start = 0;
  let touched = new Map<string, number>();
  const subjects = new SubjectTexts();
  for (const [i, operation] of operations.entries()) {
    if (!isTableOperation(operation)) {
      if (i > start) yield { start, end: i };
      yield { start: i, end: i + 1 };
      start = i + 1;
      touched = new Map();
      continue;
    }
    const subject = subjects.of(operation.key);
    if (i - start >= maximumLength || (touched.get(subject) ?? 0) & BLOCKED_BY[prerequisiteOf(operation)]) {
      yield { start, end: i };
      start = i;
      touched = new Map();
    }
    const mark = markOf(operation);
    if (mark !== 0) touched.set(subject, (touched.get(subject) ?? 0) | mark);
  }
  if (operations.length > start) yield { start, end: operations.length };
}

function markOf(operation: Operation): number {
  switch (operation.kind) {
    case 'AddService':
      return ADDED_SERVICE;
    case 'AddServer':
      return CHANGED_SERVERS;
    case 'EditServer':
      return operation.server.weight === 0 ? 0 : CHANGED_SERVERS;
    default:
      return 0;
  }
}

/** What failed so far in one call, and so what must be skipped. */
export class Failures {
  readonly #errors = new Map<string, { mark: number; error: KernelError }>();
  readonly #subjects = new SubjectTexts();

  record(operation: Operation, error: KernelError): void {
    const mark = markOf(operation);
    if (mark === 0 || !isTableOperation(operation)) return;
    const subject = this.#subjects.of(operation.key);
    const earlier = this.#errors.get(subject);
    if (earlier === undefined) this.#errors.set(subject, { mark, error });
    else if (mark === ADDED_SERVICE) earlier.mark |= mark;
  }

  /** The error because of which this operation must not be tried; `undefined` where it may be. */
  blocking(operation: Operation): KernelError | undefined {
    if (this.#errors.size === 0 || !isTableOperation(operation)) return undefined;
    const earlier = this.#errors.get(this.#subjects.of(operation.key));
    if (earlier === undefined) return undefined;
    return earlier.mark & BLOCKED_BY[prerequisiteOf(operation)] ? earlier.error : undefined;
  }
}

/** Texts of keys. Operations on one service follow each other and share the key object: its text is made once. */
class SubjectTexts {
  #key: ServiceKey | undefined;
  #text = '';

  of(key: ServiceKey): string {
    if (key !== this.#key) {
      this.#key = key;
      this.#text = serviceKeyText(key);
    }
    return this.#text;
  }
}
