import { loadNativeAddon } from '../native-addon.js';

/**
 * One connection to the kernel with a thread of its own, on which everything is done in the order of the calls.
 * Promises reject with a {@link NativeError}. All bytes are records, see `record-layout.ts`.
 */
export interface NativeClient {
  /** Finds IPVS, and loads it where it can be loaded. */
  open(): Promise<unknown>;
  /** For calls of `apply` of which each needs the success of those before. */
  beginRun(): NativeRun;
  /**
   * Carries operation records out, wave after wave: `waveEnds` has the index behind each one's last operation. After a
   * wave in which anything failed, the rest is not tried, nor is anything of later calls of the same run. The result has
   * an errno (int32) for each operation that was.
   */
  apply(run: NativeRun, operations: Uint8Array, waveEnds: Uint32Array): Promise<ArrayBuffer>;
  /** Gives whole services by the chunk; of what is said about one key, the last holds. */
  readTable(job: number, counters: boolean, onChunk: OnChunk): Promise<unknown>;
  /** Gives one service for each key, in order. */
  readServices(job: number, counters: boolean, onChunk: OnChunk, keys: Uint8Array): Promise<unknown>;
  readInfo(): Promise<ArrayBuffer>;
  readTimeouts(): Promise<ArrayBuffer>;
  listDaemons(): Promise<ArrayBuffer>;
  /** Makes a read under way reject soon. Unknown jobs are none of its business. */
  cancel(job: number): void;
  /** Ends the thread. Promises that are still open never settle. */
  close(): void;
}

/** Nothing that JavaScript could look into. */
export type NativeRun = object;

export type OnChunk = (chunk: ArrayBuffer) => void;

export interface NativeError {
  /** {@link NO_IPVS} where the kernel has no IPVS. */
  readonly errno: number;
}

export const NO_IPVS = -1;

interface NativeAddon {
  readonly Client: new () => NativeClient;
}

/** Connects to the kernel only when it is asked something. Throws UserError where the addon cannot be loaded. */
export function createNativeClient(): NativeClient {
  const addon = loadNativeAddon() as NativeAddon;
  return new addon.Client();
}

export function isNativeError(error: unknown): error is NativeError {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number';
}
