import { KernelError } from '../errors/index.js';
import { realServerKeyText, serviceKeyText } from '../model/index.js';
import type { ObservedRealServer, RealServer, RealServerKey, ServiceKey } from '../model/index.js';
import type { IpvsKernel } from '../kernel/index.js';
import { perform } from './perform.js';
import { editedServer } from './server-input.js';
import type { ServerSettingsInput } from './server-input.js';

/**
 * A real server of a service, by name: it holds no state of the kernel's, and there may be no such server. Got from
 * `IpvsService.addServer` or `.server`.
 *
 * Its methods reject with KernelError: `ESRCH` where the service is missing, `ENOENT` where the server is.
 */
export class IpvsServer {
  readonly service: ServiceKey;
  readonly key: RealServerKey;
  readonly #kernel: IpvsKernel;

  constructor(kernel: IpvsKernel, service: ServiceKey, { address, port }: RealServerKey) {
    this.#kernel = kernel;
    this.service = service;
    this.key = { address, port };
  }

  /** Its settings, its connections now, its counters and its rates (`IPVS_CMD_GET_DEST`). */
  async read(): Promise<ObservedRealServer> {
    const [service] = await this.#kernel.readObservedServices([this.service]);
    return this.#findIn(service?.servers);
  }

  /**
   * Changes what is given and keeps the rest: it reads, then replaces (`IPVS_CMD_SET_DEST`), so a change that another
   * program makes in between is lost. Connections stay; a new forwarding method holds for new ones. Also rejects with
   * InvalidInputError.
   */
  async edit(changes: ServerSettingsInput): Promise<void> {
    const [service] = await this.#kernel.readServices([this.service]);
    const server = editedServer(this.service, this.#findIn(service?.servers), changes);
    await perform(this.#kernel, { kind: 'EditServer', key: this.service, server });
  }

  /** The same as `edit({ weight })`. 0 takes no new connections and keeps those that are. */
  async setWeight(weight: number): Promise<void> {
    await this.edit({ weight });
  }

  /** Its connections end: set the weight to 0 and wait first where that matters (`IPVS_CMD_DEL_DEST`). */
  async delete(): Promise<void> {
    await perform(this.#kernel, { kind: 'DeleteServer', key: this.service, server: this.key });
  }

  /** `192.168.0.1:8080`. */
  toString(): string {
    return realServerKeyText(this.key);
  }

  #findIn<T extends RealServer>(servers: readonly T[] | undefined): T {
    const operation = `read real server ${realServerKeyText(this.key)} of ${serviceKeyText(this.service)}`;
    if (servers === undefined) throw new KernelError({ code: 'ESRCH', errno: 3, operation, detail: 'no such service' });
    const found = servers.find(({ address, port }) => address === this.key.address && port === this.key.port);
    if (found === undefined)
      throw new KernelError({ code: 'ENOENT', errno: 2, operation, detail: 'no such real server' });
    return found;
  }
}
