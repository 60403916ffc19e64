import { KernelError } from '../errors/index.js';
import { serviceKeyText } from '../model/index.js';
import type { KernelService, ObservedService, ServiceKey } from '../model/index.js';
import type { IpvsKernel } from '../kernel/index.js';
import { IpvsServer } from './ipvs-server.js';
import { perform } from './perform.js';
import { serverFromInput, serverKeyFromInput } from './server-input.js';
import type { ServerInput, ServerKeyInput } from './server-input.js';
import { editedServiceSettings } from './service-input.js';
import type { ServiceSettingsInput } from './service-input.js';

/**
 * A service, by name: it holds no state of the kernel's, and there may be no such service. Got from `Ipvs.addService`
 * or `.service`.
 *
 * Its methods reject with KernelError, `ESRCH` where the service is missing.
 */
export class IpvsService {
  readonly key: ServiceKey;
  readonly #kernel: IpvsKernel;

  constructor(kernel: IpvsKernel, key: ServiceKey) {
    this.#kernel = kernel;
    this.key = key;
  }

  /** Its settings and its real servers, with connections, counters and rates (`IPVS_CMD_GET_SERVICE`, `_GET_DEST`). */
  async read(): Promise<ObservedService> {
    const [service] = await this.#kernel.readObservedServices([this.key]);
    return this.#existing(service);
  }

  async exists(): Promise<boolean> {
    const [service] = await this.#kernel.readServices([this.key]);
    return service !== undefined;
  }

  /**
   * Changes what is given and keeps the rest, connections and servers too: it reads, then replaces
   * (`IPVS_CMD_SET_SERVICE`), so a change that another program makes in between is lost. Also rejects with
   * InvalidInputError, and with KernelError `ENOENT` where the kernel lacks the scheduler or the persistence engine.
   */
  async edit(changes: ServiceSettingsInput): Promise<void> {
    const [service] = await this.#kernel.readServices([this.key]);
    const settings = editedServiceSettings(this.key, this.#existing(service).settings, changes);
    await perform(this.#kernel, { kind: 'EditService', key: this.key, settings });
  }

  /** With all its real servers (`IPVS_CMD_DEL_SERVICE`). */
  async delete(): Promise<void> {
    await perform(this.#kernel, { kind: 'DeleteService', key: this.key });
  }

  /** Sets its counters and those of its servers to 0 (`IPVS_CMD_ZERO`). */
  async zero(): Promise<void> {
    await perform(this.#kernel, { kind: 'ZeroStatistics', key: this.key });
  }

  /**
   * Adds a real server (`IPVS_CMD_NEW_DEST`). Also rejects with InvalidInputError, and with KernelError `EEXIST` where
   * it exists, `EINVAL` where its address is none that a server can have, or is of the other family while a sync
   * daemon runs.
   */
  async addServer(input: ServerInput): Promise<IpvsServer> {
    const server = serverFromInput(this.key, input);
    await perform(this.#kernel, { kind: 'AddServer', key: this.key, server });
    return new IpvsServer(this.#kernel, this.key, server);
  }

  /** A real server that may be there or not; the kernel is not asked. Throws InvalidInputError. */
  server(input: ServerKeyInput): IpvsServer {
    return new IpvsServer(this.#kernel, this.key, serverKeyFromInput(this.key, input));
  }

  /** `TCP 10.0.0.1:80`, `FWM 7`. */
  toString(): string {
    return serviceKeyText(this.key);
  }

  #existing<T extends KernelService>(service: T | undefined): T {
    if (service !== undefined) return service;
    const operation = `read service ${serviceKeyText(this.key)}`;
    throw new KernelError({ code: 'ESRCH', errno: 3, operation, detail: 'no such service' });
  }
}
