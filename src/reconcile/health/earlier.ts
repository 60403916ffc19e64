import { NOTHING_ADVISED } from '../../health/index.js';
import type { Advised, Past, StoredHealth, StoredService, Target } from '../../health/index.js';
import type { KernelTable } from '../../kernel/index.js';
import type { RealServer } from '../../model/index.js';
import { pastOf } from './past.js';

type Known = Pick<StoredHealth, 'targets' | 'advised' | 'services'>;

export interface KnownTarget {
  /** Whether it was not as it is before its first verdict. */
  readonly isChanged: boolean;
  readonly advised: Advised;
}

/**
 * What an earlier process left: in the memory and in the kernel. Everything is taken up once, as what is declared anew
 * later begins anew; and it waits for who declares it, as sources may tell of services long after the first look.
 */
export class Earlier {
  readonly #isOurs: (key: string) => boolean;
  #targets = new Set<string>();
  #advised = new Map<string, Advised>();
  #services = new Map<string, StoredService>();
  readonly #servers = new Map<string, readonly RealServer[]>();

  /** @param isOurs whether the kernel's service with this key was made for somebody who is followed here */
  constructor(isOurs: (key: string) => boolean) {
    this.#isOurs = isOurs;
  }

  load({ targets, advised, services }: Known): void {
    this.#targets = new Set(targets);
    this.#advised = new Map(Object.entries(advised));
    this.#services = new Map(Object.entries(services));
  }

  see(table: KernelTable): void {
    for (const [key, { servers }] of table) if (this.#isOurs(key)) this.#servers.set(key, servers);
  }

  takeTarget({ id }: Target): KnownTarget {
    const advised = this.#advised.get(id) ?? NOTHING_ADVISED;
    this.#advised.delete(id);
    return { isChanged: this.#targets.delete(id), advised };
  }

  /** What a service was. Nothing before the kernel was seen, nor where that has lost it meanwhile. */
  takePast(key: string, epochOffset: number): Past | undefined {
    const servers = this.#servers.get(key);
    if (servers === undefined) return undefined;
    this.#servers.delete(key);
    const stored = this.#services.get(key);
    this.#services.delete(key);
    if (!this.#isOurs(key)) return undefined;
    return pastOf(servers, stored, epochOffset);
  }

  /** What nobody has taken up yet: it is to be kept on. */
  rest(): Known {
    return {
      targets: [...this.#targets],
      advised: Object.fromEntries(this.#advised),
      services: Object.fromEntries(this.#services),
    };
  }

  /** Nobody will take up more. */
  forget(): void {
    for (const known of [this.#targets, this.#advised, this.#services, this.#servers]) known.clear();
  }
}
