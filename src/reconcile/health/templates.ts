import { KernelError } from '../../errors/index.js';
import type { IpvsKernel } from '../../kernel/index.js';

const SYSCTL = 'expire_quiescent_template';

/**
 * Whether the kernel sends clients with persistence back to a server that has weight 0: for as long as they keep coming,
 * it does not end to have connections.
 */
export class Templates {
  keepClients = true;
  readonly #kernel: IpvsKernel;

  constructor(kernel: IpvsKernel) {
    this.#kernel = kernel;
  }

  async read(): Promise<void> {
    try {
      const { [SYSCTL]: value } = await this.#kernel.readSysctls([SYSCTL]);
      this.keepClients = value !== '1';
    } catch (error) {
      // The loop tells of a kernel that does not answer.
      if (!(error instanceof KernelError)) throw error;
    }
  }
}
