import { isUncertain } from '../errors/index.js';
import type { KernelError } from '../errors/index.js';
import type { InventoryIntent, OperationResult } from '../kernel/index.js';
import { serviceKeyText, syncDaemonKeyText } from '../model/index.js';
import type { Operation, ServiceKey } from '../model/index.js';
import { Imprint } from '../plan/index.js';
import type { Change, Plan } from '../plan/index.js';
import type { Failure, SkippedChange } from './converge-types.js';

/** Changes between two steps: some milliseconds of work on a slow machine. */
const CHANGES_PER_STEP = 500;

/** What has to be in the inventory before these changes of a plan are made. */
export function* intentsInSteps(
  plan: Plan,
  changes: readonly Change[],
  set: string,
): Generator<undefined, readonly InventoryIntent[]> {
  const intents: InventoryIntent[] = plan.adoptions.map(({ key, object }) => ({ key, object, set }));
  const imprints = yield* imprintsOf(changes);
  for (const [i, { operation, object }] of changes.entries()) {
    if (i % CHANGES_PER_STEP === CHANGES_PER_STEP - 1) yield;
    const key = keyOfMade(operation);
    if (key === undefined || object === undefined) continue;
    const imprint = operation.kind === 'AddService' ? imprints.get(operation.key)?.text : undefined;
    intents.push({ key, object, set, ...(imprint === undefined ? {} : { imprint }) });
  }
  return intents;
}

/** Of services that are made, by their keys. A plan has one key object for all changes of a service. */
function* imprintsOf(changes: readonly Change[]): Generator<undefined, ReadonlyMap<ServiceKey, Imprint>> {
  const imprints = new Map<ServiceKey, Imprint>();
  let key: ServiceKey | undefined;
  let imprint: Imprint | undefined;
  for (const [i, { operation }] of changes.entries()) {
    if (i % CHANGES_PER_STEP === CHANGES_PER_STEP - 1) yield;
    if (operation.kind === 'AddService') imprints.set(operation.key, new Imprint(operation.settings));
    else if (operation.kind === 'AddServer') {
      // A service's servers follow each other: its imprint is looked up once.
      if (operation.key !== key) imprint = imprints.get(operation.key);
      key = operation.key;
      imprint?.addServer(operation.server);
    }
  }
  return imprints;
}

/** The inventory key of what an operation makes. */
function keyOfMade(operation: Operation): string | undefined {
  if (operation.kind === 'AddService') return serviceKeyText(operation.key);
  if (operation.kind === 'StartDaemon') return syncDaemonKeyText(operation.daemon.role);
  return undefined;
}

/** The inventory key of what an operation ends. */
function keyOfEnded(operation: Operation): string | undefined {
  if (operation.kind === 'DeleteService') return serviceKeyText(operation.key);
  if (operation.kind === 'StopDaemon') return syncDaemonKeyText(operation.role);
  return undefined;
}

/** What became of one round's changes. */
export interface Outcome {
  readonly done: readonly Change[];
  readonly failures: readonly Failure[];
  readonly skipped: readonly SkippedChange[];
  readonly cancelled: number;
  /** Inventory keys of what is not there, or is there and not ours. */
  readonly forget: readonly string[];
  /** Inventory keys of what was made. */
  readonly made: readonly string[];
  /** Whether the kernel was not as the plan took it to be: another program writes to it too. */
  readonly interference: boolean;
}

export function* judgeInSteps(
  changes: readonly Change[],
  results: readonly OperationResult[],
): Generator<undefined, Outcome> {
  const done: Change[] = [];
  const failures: Failure[] = [];
  const skipped: SkippedChange[] = [];
  const forget = new Set<string>();
  const all = new Set<string>();
  let cancelled = 0;
  let interference = false;
  for (const [i, change] of changes.entries()) {
    if (i % CHANGES_PER_STEP === CHANGES_PER_STEP - 1) yield;
    const { operation } = change;
    const result = results[i] ?? { status: 'Cancelled' };
    const isDone = result.status === 'Done' || (result.status === 'Failed' && isDoneAlready(operation, result.error));
    const made = keyOfMade(operation);
    if (made !== undefined) {
      if (isDone) all.add(made);
      // What may be there stays recorded as it was meant: the next plan finds out by the kernel, and by the imprint.
      if (isDone || (result.status === 'Failed' && isUncertain(result.error))) forget.delete(made);
      else forget.add(made);
    }
    if (isDone) {
      done.push(change);
      const ended = keyOfEnded(operation);
      if (ended !== undefined) forget.add(ended);
    } else if (result.status === 'Failed') {
      failures.push({ change, error: result.error });
      if (showsInterference(operation, result.error)) interference = true;
    } else if (result.status === 'Skipped') skipped.push({ change, cause: result.cause });
    else cancelled++;
  }
  const made = [...all].filter((key) => !forget.has(key));
  return { done, failures, skipped, cancelled, forget: [...forget], made, interference };
}

/** Whether what was to go was gone. */
function isDoneAlready(operation: Operation, { code }: KernelError): boolean {
  switch (operation.kind) {
    case 'DeleteService':
    case 'StopDaemon':
      return code === 'ESRCH';
    case 'DeleteServer':
      return code === 'ENOENT';
    default:
      return false;
  }
}

/** Whether the failure says that something came or went since the kernel was read. */
function showsInterference(operation: Operation, { code }: KernelError): boolean {
  switch (operation.kind) {
    case 'AddService':
    case 'StartDaemon':
      return code === 'EEXIST';
    case 'AddServer':
      return code === 'EEXIST' || code === 'ESRCH';
    case 'EditServer':
      return code === 'ENOENT' || code === 'ESRCH';
    case 'EditService':
    case 'DeleteServer':
      return code === 'ESRCH';
    case 'DeleteService':
    case 'StopDaemon':
    case 'SetTimeouts':
    case 'SetSysctl':
    case 'ZeroStatistics':
    case 'Flush':
      return false;
  }
}
