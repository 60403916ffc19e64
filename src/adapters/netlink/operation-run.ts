import { setImmediate } from 'node:timers/promises';
import type { KernelError } from '../../errors/index.js';
import { Failures } from '../../kernel/index.js';
import type { ApplyOptions, OperationResult } from '../../kernel/index.js';
import type { Operation } from '../../model/index.js';
import type { NativeClient, NativeRun } from './addon.js';
import { concernsTheCall, failedOperation, refusedOperation } from './kernel-failure.js';
import { OperationPacker } from './operation-packer.js';
import { writeSysctl } from './sysctls.js';
import type { SetSysctl } from './sysctls.js';
import { ScheduleQueue } from './schedule-queue.js';
import type { Schedule } from './schedule-queue.js';

/** What is sent in one go: enough to keep the kernel busy, little enough to be packed between two events. */
const BATCH_SIZE = 512;

/**
 * How long results may be taken in before other events get their turn. The addon's answers alone never let them: where the
 * next one is there already, it follows at once.
 */
const STEP_MILLISECONDS = 10;

/** One that the kernel works on, and one that it finds when it is done, while the results of the first are taken in. */
const BATCHES_ON_THEIR_WAY = 2;

const DONE: OperationResult = Object.freeze({ status: 'Done' });
const CANCELLED: OperationResult = Object.freeze({ status: 'Cancelled' });

/** Whole steps that are carried out by one call. */
type Batch =
  | {
      readonly kind: 'Records';
      readonly schedule: Schedule;
      /** The operation behind each record. Those that are not tried have none. */
      readonly indices: readonly number[];
      /** Behind the last record of each step that was packed: where something was refused, not of all. */
      readonly stepEnds: readonly number[];
      /** Of the last step: operations that are not sent. What comes before them must not know of their failure yet. */
      readonly refusals: readonly Refusal[];
    }
  | { readonly kind: 'Sysctl'; readonly schedule: Schedule; readonly index: number; readonly operation: SetSysctl };

interface Refusal {
  readonly index: number;
  readonly operation: Operation;
  readonly error: KernelError;
}

/** How far a batch came. */
interface Outcome {
  readonly stepCount: number;
  readonly failed: boolean;
}

interface Sent {
  readonly batch: Batch;
  readonly outcome: Promise<Outcome>;
}

/**
 * One call of `apply`. Batches are packed and sent ahead while the kernel works on the ones before, as if those would
 * succeed. Where one does not, the kernel stops behind the step that failed and leaves the batches behind it alone, and
 * what follows is packed again, less what the failure blocks.
 */
export class OperationRun {
  readonly #native: NativeClient;
  readonly #operations: readonly Operation[];
  /** Until it is known better, an operation was not tried. */
  readonly #results: OperationResult[];
  readonly #failures = new Failures();
  readonly #schedules: ScheduleQueue;
  readonly #packer: OperationPacker;
  #nativeRun: NativeRun;
  /** In the order in which they were sent. */
  readonly #sent: Sent[] = [];
  /** Packed, and not yet sent. */
  #next: Batch | undefined;

  constructor(native: NativeClient, operations: readonly Operation[]) {
    const batchSize = Math.min(BATCH_SIZE, operations.length);
    this.#native = native;
    this.#nativeRun = native.beginRun();
    this.#operations = operations;
    this.#results = new Array<OperationResult>(operations.length).fill(CANCELLED);
    this.#schedules = new ScheduleQueue(operations, batchSize);
    this.#packer = new OperationPacker(batchSize);
  }

  /** Rejects with what the addon rejects with, and with a KernelError where this process may not write at all. */
  async run({ signal, onProgress }: ApplyOptions): Promise<readonly OperationResult[]> {
    let done = 0;
    let pauseAt = performance.now() + STEP_MILLISECONDS;
    const pause = async (): Promise<void> => {
      if (performance.now() < pauseAt) return;
      await setImmediate();
      pauseAt = performance.now() + STEP_MILLISECONDS;
    };
    for (;;) {
      while (signal?.aborted !== true && this.#sendNext()) await pause();
      const first = this.#sent.shift();
      if (first === undefined) break;
      const { batch, outcome } = first;
      const { stepCount, failed } = await outcome;
      if (failed || !isCertain(batch)) await this.#takeBack(batch.schedule.slice(stepCount));
      for (const step of batch.schedule.slice(0, stepCount)) done += step.length;
      onProgress?.(done);
      await pause();
    }
    return this.#results;
  }

  /** Packs a batch where none is packed, and sends it where it may go now. Returns whether it was sent. */
  #sendNext(): boolean {
    const last = this.#sent.at(-1)?.batch;
    if (last !== undefined && !isCertain(last)) return false;
    const batch = (this.#next ??= this.#pack());
    if (batch === undefined || this.#sent.length >= (isCertain(batch) ? BATCHES_ON_THEIR_WAY : 1)) return false;
    this.#next = undefined;
    const outcome = this.#send(batch);
    // Whoever awaits it gets the error; where one before it fails nobody does.
    outcome.catch(() => undefined);
    this.#sent.push({ batch, outcome });
    return true;
  }

  /** Packs again what a batch that failed left, and everything behind it: none of that was tried. */
  async #takeBack(rest: Schedule): Promise<void> {
    const behind = this.#sent.splice(0);
    await Promise.allSettled(behind.map(({ outcome }) => outcome));
    const next = this.#next === undefined ? [] : [this.#next];
    this.#schedules.putBack([
      rest,
      ...behind.map(({ batch }) => batch.schedule),
      ...next.map(({ schedule }) => schedule),
    ]);
    this.#next = undefined;
    this.#nativeRun = this.#native.beginRun();
  }

  /** Packs the next schedule. What is known not to be tried gets its result at once. */
  #pack(): Batch | undefined {
    this.#packer.clear();
    const schedule = this.#schedules.next();
    const index = schedule?.[0]?.[0];
    if (schedule === undefined || index === undefined) return undefined;
    const operation = this.#operations[index];
    if (operation?.kind === 'SetSysctl') return { kind: 'Sysctl', schedule, index, operation };
    const indices: number[] = [];
    const stepEnds: number[] = [];
    let refusals: readonly Refusal[] = [];
    for (const step of schedule) {
      refusals = this.#packStep(step, indices);
      stepEnds.push(indices.length);
      if (refusals.length > 0) break;
    }
    return { kind: 'Records', schedule, indices, stepEnds, refusals };
  }

  #packStep(step: readonly number[], indices: number[]): readonly Refusal[] {
    const refusals: Refusal[] = [];
    for (const index of step) {
      const operation = this.#operations[index];
      if (operation === undefined || operation.kind === 'SetSysctl') continue;
      const cause = this.#failures.blocking(operation);
      if (cause !== undefined) {
        this.#results[index] = { status: 'Skipped', cause };
        continue;
      }
      const reason = this.#packer.add(operation);
      if (reason === undefined) indices.push(index);
      else refusals.push({ index, operation, error: refusedOperation(operation, reason) });
    }
    return refusals;
  }

  async #send(batch: Batch): Promise<Outcome> {
    if (batch.kind === 'Sysctl') {
      const error = await writeSysctl(batch.operation);
      if (error === undefined) this.#results[batch.index] = DONE;
      else this.#fail(batch.index, batch.operation, error);
      return { stepCount: 1, failed: false };
    }
    const { indices, stepEnds, refusals } = batch;
    let failed = false;
    let stepCount = stepEnds.length;
    if (indices.length === 0) {
      await setImmediate();
    } else {
      // The addon copies the records before this call returns, so the packer is free again.
      const answer = await this.#native.apply(this.#nativeRun, this.#packer.bytes, Uint32Array.from(stepEnds));
      const errnos = new Int32Array(answer);
      failed = this.#settle(indices, errnos);
      if (failed) stepCount = stepEnds.findIndex((end) => end >= errnos.length) + 1;
    }
    if (stepCount === stepEnds.length) {
      for (const { index, operation, error } of refusals) this.#fail(index, operation, error);
    }
    return { stepCount, failed };
  }

  /** Whether any failed. */
  #settle(indices: readonly number[], errnos: Int32Array): boolean {
    let failed = false;
    for (let i = 0; i < errnos.length; i++) {
      const index = indices[i] ?? -1;
      const operation = this.#operations[index];
      const errno = errnos[i] ?? 0;
      if (operation === undefined) continue;
      if (errno === 0) {
        this.#results[index] = DONE;
        continue;
      }
      const error = failedOperation(operation, errno);
      if (concernsTheCall(errno)) throw error;
      this.#fail(index, operation, error);
      failed = true;
    }
    return failed;
  }

  #fail(index: number, operation: Operation, error: KernelError): void {
    this.#results[index] = { status: 'Failed', error };
    this.#failures.record(operation, error);
  }
}

/** Whether what comes behind it may be packed and sent before it is over, as if it would succeed. */
function isCertain(batch: Batch): boolean {
  return batch.kind === 'Records' && batch.refusals.length === 0;
}
