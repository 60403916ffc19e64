import { compareServiceKeys } from '../model/index.js';
import type { ObservedService, Operation, SyncDaemon, SyncRole, Timeouts } from '../model/index.js';
import type { ApplyOptions, IpvsKernel, KernelInfo, OperationResult, ReadOptions } from '../kernel/index.js';
import { daemonFromInput, timeoutsFromInput } from './director-input.js';
import { IpvsService } from './ipvs-service.js';
import { perform } from './perform.js';
import { serviceFromInput } from './service-input.js';
import type { ServiceInput } from './service-input.js';
import { serviceKeyFromInput } from './service-key-input.js';
import type { ServiceKeyInput } from './service-key-input.js';

/**
 * One network namespace's IPVS. Every method that asks the kernel rejects with KernelError, to be matched by its
 * `code`: `EPERM` without CAP_NET_ADMIN, `NOIPVS` without the module ip_vs, and what the method names besides.
 */
export class Ipvs {
  readonly #kernel: IpvsKernel;

  constructor(kernel: IpvsKernel) {
    this.#kernel = kernel;
  }

  /** All services with their real servers, connections, counters and rates, in the order of their addresses. */
  async listServices(options?: ReadOptions): Promise<readonly ObservedService[]> {
    const table = await this.#kernel.readObservedTable(options);
    return [...table.values()].sort((a, b) => compareServiceKeys(a.key, b.key));
  }

  /** A service that may be there or not; the kernel is not asked. Throws InvalidInputError. */
  service(input: ServiceKeyInput): IpvsService {
    return new IpvsService(this.#kernel, serviceKeyFromInput(input));
  }

  /**
   * Adds a service (`IPVS_CMD_NEW_SERVICE`). Also rejects with InvalidInputError, and with KernelError `EEXIST` where it
   * exists, `ENOENT` where the kernel lacks the scheduler or the persistence engine, `EAFNOSUPPORT` where it lacks IPv6.
   */
  async addService(input: ServiceInput): Promise<IpvsService> {
    const { key, settings } = serviceFromInput(input);
    await perform(this.#kernel, { kind: 'AddService', key, settings });
    return new IpvsService(this.#kernel, key);
  }

  /** Deletes every service, whoever made it (`IPVS_CMD_FLUSH`). */
  async flush(): Promise<void> {
    await perform(this.#kernel, { kind: 'Flush' });
  }

  /** Sets all counters to 0 (`IPVS_CMD_ZERO`). */
  async zero(): Promise<void> {
    await perform(this.#kernel, { kind: 'ZeroStatistics', key: null });
  }

  /** The timeouts of connections, in seconds (`IPVS_CMD_GET_CONFIG`). */
  readTimeouts(): Promise<Timeouts> {
    return this.#kernel.readTimeouts();
  }

  /** Sets those that are given, 1 to 2147483 seconds each (`IPVS_CMD_SET_CONFIG`). Also rejects with InvalidInputError. */
  async setTimeouts(timeouts: Partial<Timeouts>): Promise<void> {
    await perform(this.#kernel, { kind: 'SetTimeouts', timeouts: timeoutsFromInput(timeouts) });
  }

  /** The running sync daemons, with the kernel's defaults filled in (`IPVS_CMD_GET_DAEMON`). */
  readDaemons(): Promise<readonly SyncDaemon[]> {
    return this.#kernel.readDaemons();
  }

  /**
   * Starts a sync daemon (`IPVS_CMD_NEW_DAEMON`). Also rejects with InvalidInputError, and with KernelError `EEXIST`
   * where one of this role runs, `ENODEV` where the interface is missing, `EINVAL` where the group is not multicast or
   * a real server has another family than its service.
   */
  async startDaemon(daemon: SyncDaemon): Promise<void> {
    await perform(this.#kernel, { kind: 'StartDaemon', daemon: daemonFromInput(daemon) });
  }

  /** KernelError `ESRCH` where none of this role runs (`IPVS_CMD_DEL_DAEMON`). */
  async stopDaemon(role: SyncRole): Promise<void> {
    await perform(this.#kernel, { kind: 'StopDaemon', role });
  }

  /** The version of IPVS and the size of its connection table (`IPVS_CMD_GET_INFO`). */
  readInfo(): Promise<KernelInfo> {
    return this.#kernel.readInfo();
  }

  /**
   * Carries many operations out, fast and in order, and gives one result for each; none is thrown. Operations are not
   * checked: make them of what `serviceFromInput` and `serverFromInput` give.
   */
  apply(operations: readonly Operation[], options?: ApplyOptions): Promise<readonly OperationResult[]> {
    return this.#kernel.apply(operations, options);
  }

  /** Ends the connection to the kernel, whose state stays as it is. */
  close(): Promise<void> {
    return this.#kernel.close();
  }
}
