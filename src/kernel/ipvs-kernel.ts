import type { KernelError } from '../errors/index.js';
import type {
  KernelService,
  ObservedService,
  Operation,
  ServiceKey,
  SyncDaemon,
  Sysctls,
  Timeouts,
} from '../model/index.js';

/**
 * One network namespace's IPVS. Nothing here blocks the event loop. Every method rejects with KernelError where the
 * kernel refuses the call as a whole: `EPERM` without CAP_NET_ADMIN, `NOIPVS` without the module.
 */
export interface IpvsKernel {
  /**
   * All services with their real servers, without counters. No service and no server is there twice. Services that
   * others add or delete meanwhile may be there or not; all others are.
   */
  readTable(options?: ReadOptions): Promise<KernelTable>;
  /** The same with connection counts and statistics. */
  readObservedTable(options?: ReadOptions): Promise<ObservedTable>;
  /** Some services, in the order asked for; `undefined` for one that does not exist. */
  readServices(keys: readonly ServiceKey[], options?: ReadOptions): Promise<readonly (KernelService | undefined)[]>;
  readObservedServices(
    keys: readonly ServiceKey[],
    options?: ReadOptions,
  ): Promise<readonly (ObservedService | undefined)[]>;
  readInfo(): Promise<KernelInfo>;
  readTimeouts(): Promise<Timeouts>;
  /** The running sync daemons, at most one of each role, with the kernel's defaults filled in. */
  readDaemons(): Promise<readonly SyncDaemon[]>;
  /** The values of these sysctls below net.ipv4.vs; a name that this kernel does not have is absent. */
  readSysctls(names: readonly string[]): Promise<Sysctls>;
  /**
   * Carries operations out, in order, and gives one result for each, in order. A failed one stops only what depends on
   * it (see `prerequisiteOf`): that is `Skipped`. An aborted call lets what is under way end; the rest is `Cancelled`.
   */
  apply(operations: readonly Operation[], options?: ApplyOptions): Promise<readonly OperationResult[]>;
  /** Ends the connection to the kernel once what is under way has ended. The kernel's state stays as it is. */
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Makes the read reject with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called now and then with the number of services read so far. */
  readonly onProgress?: Progress;
}

export interface ApplyOptions {
  readonly signal?: AbortSignal;
  /** Called now and then with the number of operations that have a result. */
  readonly onProgress?: Progress;
}

export type Progress = (done: number) => void;

/** By `serviceKeyText`. */
export type KernelTable = ReadonlyMap<string, KernelService>;
export type ObservedTable = ReadonlyMap<string, ObservedService>;

export interface KernelInfo {
  /** The version of IPVS itself, such as `1.2.1`. */
  readonly version: string;
  /** The number of buckets of the connection table. */
  readonly connectionTableSize: number;
}

export type OperationResult =
  | { readonly status: 'Done' }
  | { readonly status: 'Failed'; readonly error: KernelError }
  /** Not tried, because `cause` failed and this depends on it. */
  | { readonly status: 'Skipped'; readonly cause: KernelError }
  | { readonly status: 'Cancelled' };
