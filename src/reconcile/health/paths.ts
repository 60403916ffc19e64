import { createHash } from 'node:crypto';
import { behindText } from '../../health/index.js';
import type { Behind } from '../../health/index.js';
import { addressFamily, checksOf, serviceKeyText } from '../../model/index.js';
import type { FirewallMarkServiceKey, MarkRange, WantedService } from '../../model/index.js';

const MAXIMUM_WEIGHT = 65_535;

/** A way to one server for packets that are not addressed to it. */
export interface Path {
  /** Equal for equal ways. */
  readonly id: string;
  readonly mark: number;
  /** The key text of its kernel service. */
  readonly key: string;
}

interface Open extends Path {
  users: number;
}

/**
 * The kernel services that lead checks of a virtual address to one server each: a firewall mark with this one server. They
 * are wanted as others are, and so they are planned, repaired and removed as others are.
 */
export class Paths {
  readonly #marks: MarkRange | null;
  readonly #isTaken: (key: string) => boolean;
  readonly #open = new Map<string, Open>();
  readonly #services = new Map<string, WantedService>();
  readonly #changed = new Set<string>();

  /** @param isTaken whether the service with this key is, or may become, somebody else's */
  constructor(marks: MarkRange | null, isTaken: (key: string) => boolean) {
    this.#marks = marks;
    this.#isTaken = isTaken;
  }

  /** What is wanted of the kernel, by key text. */
  get services(): ReadonlyMap<string, WantedService> {
    return this.#services;
  }

  /** Each call needs one of `close`. `undefined` where no mark is free. */
  open(address: string, behind: Behind): Path | undefined {
    const id = pathId(address, behind);
    const known = this.#open.get(id);
    if (known !== undefined) {
      known.users++;
      this.restate(known, behind);
      return known;
    }
    const key = this.#freeKey(address, id);
    if (key === undefined) return undefined;
    const text = serviceKeyText(key);
    const path = { id, mark: key.firewallMark, key: text, users: 1 };
    this.#open.set(id, path);
    this.#services.set(text, serviceOf(key, behind));
    this.#changed.add(text);
    return path;
  }

  /** What is declared may have changed. */
  restate({ key: text }: Path, behind: Behind): void {
    const service = this.#services.get(text);
    if (service?.settings.scheduler === behind.service.settings.scheduler || service?.key.firewallMark === undefined)
      return;
    this.#services.set(text, serviceOf(service.key, behind));
    this.#changed.add(text);
  }

  close({ id }: Path): void {
    const path = this.#open.get(id);
    if (path === undefined || --path.users > 0) return;
    this.#open.delete(id);
    this.#services.delete(path.key);
    this.#changed.add(path.key);
  }

  /** The services that are wanted, or wanted no more, since the last time. */
  takeChanged(): ReadonlySet<string> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    return changed;
  }

  /** A mark has the same server after a restart, as far as others leave it free: what there is then need not change. */
  #freeKey(address: string, id: string): FirewallMarkServiceKey | undefined {
    if (this.#marks === null) return undefined;
    const { first, last } = this.#marks;
    const size = last - first + 1;
    const family = addressFamily(address);
    const start = createHash('sha256').update(id).digest().readUInt32BE();
    for (let i = 0; i < size; i++) {
      const key = { firewallMark: first + ((start + i) % size), family };
      const text = serviceKeyText(key);
      if (!this.#services.has(text) && !this.#isTaken(text)) return key;
    }
    return undefined;
  }
}

function pathId(address: string, behind: Behind): string {
  return `${addressFamily(address)} ${behindText(behind)}`;
}

function serviceOf(key: FirewallMarkServiceKey, { server, service: { object, settings } }: Behind): WantedService {
  return {
    key,
    object: checksOf(object),
    // A datagram is forgotten at once, so that the next check's begins anew. The scheduler is one that the kernel has, or
    // nobody is served either. To one of them, ovf, the weight is how many connections there may be.
    settings: { scheduler: settings.scheduler, schedulerFlags: 0, onePacketScheduling: true, persistence: null },
    servers: [{ ...server, port: 0, weight: MAXIMUM_WEIGHT, upperThreshold: 0, lowerThreshold: 0 }],
  };
}
