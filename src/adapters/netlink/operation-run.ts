import { setImmediate } from 'node:timers/promises';
import type { KernelError } from '../../errors/index.js';
import { Failures } from '../../kernel/index.js';
import type { ApplyOptions, OperationResult, Wave } from '../../kernel/index.js';
import type { Operation } from '../../model/index.js';
import type { NativeClient } from './addon.js';
import { concernsTheCall, failedOperation, refusedOperation } from './kernel-failure.js';
import { OperationPacker } from './operation-packer.js';
import { writeSysctl } from './sysctls.js';
import type { SetSysctl } from './sysctls.js';
import { WaveQueue } from './wave-queue.js';

/** What is sent in one go: enough to keep the kernel busy, little enough to be packed between two events. */
const BATCH_SIZE = 256;

const DONE: OperationResult = Object.freeze({ status: 'Done' });
const CANCELLED: OperationResult = Object.freeze({ status: 'Cancelled' });

/** Whole waves that are carried out by one call. */
type Batch =
  | {
      readonly kind: 'Records';
      readonly waves: readonly Wave[];
      /** The operation behind each record. Those that are not tried have none. */
      readonly indices: readonly number[];
      /** Behind the last record of each wave. */
      readonly waveEnds: readonly number[];
      /** Of the last wave: operations that are not sent. What comes before them must not know of their failure yet. */
      readonly refusals: readonly Refusal[];
    }
  | { readonly kind: 'Sysctl'; readonly waves: readonly Wave[]; readonly index: number; readonly operation: SetSysctl };

interface Refusal {
  readonly index: number;
  readonly operation: Operation;
  readonly error: KernelError;
}

/**
 * One call of `apply`. Each batch is packed while the kernel works on the one before, as if that would succeed. Where it
 * does not, the kernel stops behind the wave that failed, and what follows is packed again, less what the failure blocks.
 */
export class OperationRun {
  readonly #native: NativeClient;
  readonly #operations: readonly Operation[];
  /** Filled from the start to the end, but for what is packed ahead. */
  readonly #results: (OperationResult | undefined)[];
  readonly #failures = new Failures();
  readonly #waves: WaveQueue;
  readonly #packer: OperationPacker;

  constructor(native: NativeClient, operations: readonly Operation[]) {
    const batchSize = Math.min(BATCH_SIZE, operations.length);
    this.#native = native;
    this.#operations = operations;
    this.#results = operations.map(() => undefined);
    this.#waves = new WaveQueue(operations, batchSize);
    this.#packer = new OperationPacker(batchSize);
  }

  /** Rejects with what the addon rejects with, and with a KernelError where this process may not write at all. */
  async run({ signal, onProgress }: ApplyOptions): Promise<readonly OperationResult[]> {
    let batch = this.#pack();
    while (batch !== undefined && signal?.aborted !== true) {
      const sent = this.#send(batch);
      const refusals = batch.kind === 'Records' ? batch.refusals : [];
      let ahead = refusals.length === 0 ? this.#pack() : undefined;
      const { waveCount, failed } = await sent;
      if (failed) this.#waves.putBack([...batch.waves.slice(waveCount), ...(ahead?.waves ?? [])]);
      if (waveCount === batch.waves.length) {
        for (const { index, operation, error } of refusals) this.#fail(index, operation, error);
      }
      if (failed || refusals.length > 0) ahead = this.#pack();
      onProgress?.(batch.waves[waveCount - 1]?.end ?? 0);
      batch = ahead;
    }
    return this.#results.map((result) => result ?? CANCELLED);
  }

  /** Takes as many waves as fit into a batch. What is known not to be tried gets its result at once. */
  #pack(): Batch | undefined {
    this.#packer.clear();
    const waves: Wave[] = [];
    const indices: number[] = [];
    const waveEnds: number[] = [];
    for (let wave = this.#waves.next(); wave !== undefined; wave = this.#waves.next()) {
      const operation = this.#operations[wave.start];
      const isSysctl = operation?.kind === 'SetSysctl';
      if (isSysctl && waves.length === 0) return { kind: 'Sysctl', waves: [wave], index: wave.start, operation };
      if (isSysctl || wave.end - (waves[0]?.start ?? wave.start) > BATCH_SIZE) {
        this.#waves.putBack([wave]);
        break;
      }
      const refusals = this.#packWave(wave, indices);
      waves.push(wave);
      waveEnds.push(indices.length);
      if (refusals.length > 0) return { kind: 'Records', waves, indices, waveEnds, refusals };
    }
    return waves.length === 0 ? undefined : { kind: 'Records', waves, indices, waveEnds, refusals: [] };
  }

  #packWave(wave: Wave, indices: number[]): readonly Refusal[] {
    const refusals: Refusal[] = [];
    for (let index = wave.start; index < wave.end; index++) {
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

  async #send(batch: Batch): Promise<{ readonly waveCount: number; readonly failed: boolean }> {
    if (batch.kind === 'Sysctl') {
      const error = await writeSysctl(batch.operation);
      if (error === undefined) this.#results[batch.index] = DONE;
      else this.#fail(batch.index, batch.operation, error);
      return { waveCount: 1, failed: false };
    }
    if (batch.indices.length === 0) {
      await setImmediate();
      return { waveCount: batch.waves.length, failed: false };
    }
    // The addon copies the records before this call returns, so the packer is free again.
    const answer = await this.#native.apply(this.#packer.bytes, Uint32Array.from(batch.waveEnds));
    const errnos = new Int32Array(answer);
    const failed = this.#settle(batch.indices, errnos);
    const failedWave = batch.waveEnds.findIndex((end) => end >= errnos.length);
    return { waveCount: failed ? failedWave + 1 : batch.waves.length, failed };
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
