import type {
  ApplyOptions,
  IpvsKernel,
  KernelInfo,
  KernelTable,
  ObservedTable,
  OperationResult,
  ReadOptions,
} from '../../kernel/index.js';
import type {
  KernelService,
  ObservedService,
  Operation,
  ServiceKey,
  SyncDaemon,
  Sysctls,
  Timeouts,
} from '../../model/index.js';
import { createNativeClient } from './addon.js';
import type { NativeClient } from './addon.js';
import { ChunkMemory } from './chunk-memory.js';
import { failedCall } from './kernel-failure.js';
import { packKeys } from './operation-packer.js';
import { OperationRun } from './operation-run.js';
import { loadSchedulers } from './scheduler-modules.js';
import { unpackDaemons, unpackInfo, unpackTimeouts } from './single-records.js';
import { readSysctls } from './sysctls.js';
import { readServices } from './table-read.js';
import { OBSERVED_SHAPE, PLAIN_SHAPE } from './table-records.js';
import type { Reading, TableShape } from './table-records.js';

/**
 * Connects to the IPVS of this process's network namespace; loads the module where it can be loaded. Rejects with
 * UserError where the native addon was not built, with KernelError where the kernel has no IPVS or does not let this
 * process at it.
 *
 * Operations that the types would not allow (a port of 70000, a text that is no address) are not sent: each of them fails
 * with EINVAL.
 */
export async function openIpvsKernel(): Promise<IpvsKernel> {
  const kernel = new NetlinkKernel(createNativeClient());
  try {
    await kernel.open();
    return kernel;
  } catch (error) {
    await kernel.close();
    throw error;
  }
}

class NetlinkKernel implements IpvsKernel {
  readonly #native: NativeClient;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #memory = new ChunkMemory<KernelService>();
  #nextJob = 1;
  #closed = false;

  constructor(native: NativeClient) {
    this.#native = native;
  }

  /** Finds IPVS, and out whether this process may use it. */
  async open(): Promise<void> {
    await this.#call('connect to IPVS', async () => {
      await this.#native.open();
      await this.#native.readInfo();
    });
  }

  async readTable(options: ReadOptions = {}): Promise<KernelTable> {
    return this.#readTable(PLAIN_SHAPE, options, this.#memory);
  }

  async readObservedTable(options: ReadOptions = {}): Promise<ObservedTable> {
    return this.#readTable(OBSERVED_SHAPE, options);
  }

  async readServices(
    keys: readonly ServiceKey[],
    options: ReadOptions = {},
  ): Promise<readonly (KernelService | undefined)[]> {
    return this.#readServices(keys, PLAIN_SHAPE, options);
  }

  async readObservedServices(
    keys: readonly ServiceKey[],
    options: ReadOptions = {},
  ): Promise<readonly (ObservedService | undefined)[]> {
    return this.#readServices(keys, OBSERVED_SHAPE, options);
  }

  async readInfo(): Promise<KernelInfo> {
    return unpackInfo(await this.#call('read the version of IPVS', () => this.#native.readInfo()));
  }

  async readTimeouts(): Promise<Timeouts> {
    return unpackTimeouts(await this.#call('read the timeouts', () => this.#native.readTimeouts()));
  }

  async readDaemons(): Promise<readonly SyncDaemon[]> {
    return unpackDaemons(await this.#call('read the sync daemons', () => this.#native.listDaemons()));
  }

  async readSysctls(names: readonly string[]): Promise<Sysctls> {
    return this.#call('read sysctls', () => readSysctls(names));
  }

  async apply(operations: readonly Operation[], options: ApplyOptions = {}): Promise<readonly OperationResult[]> {
    return this.#call('write to the table', async () => {
      await loadSchedulers(operations);
      return new OperationRun(this.#native, operations).run(options);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    this.#native.close();
  }

  async #readTable<Service, Server>(
    shape: TableShape<Service, Server>,
    options: ReadOptions,
    memory?: ChunkMemory<Service>,
  ): Promise<ReadonlyMap<string, Service>> {
    const job = this.#nextJob++;
    const read = {
      start: (onChunk: (chunk: ArrayBuffer) => void) => this.#native.readTable(job, shape.counters, onChunk),
      cancel: () => {
        this.#native.cancel(job);
      },
    };
    const table = new Map<string, Service>();
    const take = ({ text, service }: Reading<Service>): void => {
      if (service === undefined) table.delete(text);
      else table.set(text, service);
    };
    const taker = memory === undefined ? { shape, take } : { shape, take, memory };
    await this.#call('read the table', () => readServices(read, taker, options));
    return table;
  }

  async #readServices<Service, Server>(
    keys: readonly ServiceKey[],
    shape: TableShape<Service, Server>,
    options: ReadOptions,
  ): Promise<readonly (Service | undefined)[]> {
    const job = this.#nextJob++;
    const records = packKeys(keys);
    const read = {
      start: (onChunk: (chunk: ArrayBuffer) => void) =>
        this.#native.readServices(job, shape.counters, onChunk, records),
      cancel: () => {
        this.#native.cancel(job);
      },
    };
    const services: (Service | undefined)[] = [];
    const take = ({ service }: Reading<Service>): void => {
      services.push(service);
    };
    await this.#call('read services', () => readServices(read, { shape, take }, options));
    return services;
  }

  /** Keeps the connection open for a call, and gives its errors their names. */
  async #call<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new Error(`${operation}: the connection to the kernel is closed`);
    const running = run();
    this.#underWay.add(running);
    try {
      return await running;
    } catch (error) {
      throw failedCall(operation, error);
    } finally {
      this.#underWay.delete(running);
    }
  }
}
