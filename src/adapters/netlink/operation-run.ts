import { setImmediate } from 'node:timers/promises';
import type { KernelError } from '../../errors/index.js';
import { Failures } from '../../kernel/index.js';
import type { ApplyOptions, OperationResult } from '../../kernel/index.js';
import type { Operation } from '../../model/index.js';
import type { NativeClient } from './addon.js';
import { concernsTheCall, failedOperation, refusedOperation } from './kernel-failure.js';
import { OperationPacker } from './operation-packer.js';
import { writeSysctl } from './sysctls.js';
import type { SetSysctl } from './sysctls.js';
import { ScheduleQueue } from './schedule-queue.js';
import type { Schedule } from './schedule-queue.js';

/** What is sent in one go: enough to keep the kernel busy, little enough to be packed between two events. */
const BATCH_SIZE = 256;

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

/**
 * One call of `apply`. Each batch is packed while the kernel works on the one before, as if that would succeed. Where it
 * does not, the kernel stops behind the step that failed, and what follows is packed again, less what the failure blocks.
 */
export class OperationRun {
  readonly #native: NativeClient;
  readonly #operations: readonly Operation[];
  readonly #results: (OperationResult | undefined)[];
  readonly #failures = new Failures();
  readonly #schedules: ScheduleQueue;
  readonly #packer: OperationPacker;

  constructor(native: NativeClient, operations: readonly Operation[]) {
    const batchSize = Math.min(BATCH_SIZE, operations.length);
    this.#native = native;
    this.#operations = operations;
    this.#results = operations.map(() => undefined);
    this.#schedules = new ScheduleQueue(operations, batchSize);
    this.#packer = new OperationPacker(batchSize);
  }

  /** Rejects with what the addon rejects with, and with a KernelError where this process may not write at all. */
  async run({ signal, onProgress }: ApplyOptions): Promise<readonly OperationResult[]> {
    let done = 0;
    let batch = this.#pack();
    while (batch !== undefined && signal?.aborted !== true) {
      const sent = this.#send(batch);
      const isCertain = batch.kind === 'Sysctl' || batch.refusals.length === 0;
      let ahead = isCertain ? this.#pack() : undefined;
      const outcome = await sent;
      if (outcome.failed || !isCertain) {
        this.#schedules.putBack([batch.schedule.slice(outcome.stepCount), ahead?.schedule ?? []]);
        ahead = this.#pack();
      }
      for (const step of batch.schedule.slice(0, outcome.stepCount)) done += step.length;
      onProgress?.(done);
      batch = ahead;
    }
    return this.#results.map((result) => result ?? CANCELLED);
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
      const answer = await this.#native.apply(this.#packer.bytes, Uint32Array.from(stepEnds));
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
