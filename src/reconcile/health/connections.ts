import { KernelError } from '../../errors/index.js';
import type { IpvsKernel } from '../../kernel/index.js';
import { realServerKeyText, serviceKeyText } from '../../model/index.js';
import type { ObservedRealServer, ServiceKey } from '../../model/index.js';
import type { Clock } from '../clock.js';

const POLL_MILLISECONDS = 1000;
/** Reading may take at most one part in so many of the time. */
const REST_FACTOR = 10;
/** So often the connections are counted of servers whose end nobody waits for, and of so many services at most. */
const COUNT_MILLISECONDS = 5000;
const MAXIMUM_COUNTED = 100;
/** A connection that is being made while the weight becomes 0 shows up in the next look. */
const QUIET_LOOKS = 2;

export interface ConnectionsInput {
  readonly kernel: IpvsKernel;
  readonly clock: Clock;
  /** Is called when connections of servers of this service have ended. */
  readonly onEnd: (service: string) => void;
}

interface Leavers {
  readonly key: ServiceKey;
  /** How many looks in a row found nothing, by `realServerKeyText`. */
  readonly quietLooks: Map<string, number>;
  /** Servers that stay, and whose connections a person wants to know. */
  readonly counted: ReadonlySet<string>;
  /** Connections at the last look. */
  readonly counts: Map<string, number>;
}

/** Looks, while servers leave or are taken out, how many connections they still have. */
export class Connections {
  readonly #input: ConnectionsInput;
  readonly #services = new Map<string, Leavers>();
  #nextCountMilliseconds = -Infinity;
  #isRunning = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(input: ConnectionsInput) {
    this.#input = input;
  }

  /**
   * The servers of this service that leave, in place of those that did.
   *
   * @param counted others whose connections are counted only
   */
  watch(key: ServiceKey, leaving: Iterable<string>, counted: Iterable<string> = []): void {
    const text = serviceKeyText(key);
    const before = this.#services.get(text);
    const leavers: Leavers = { key, quietLooks: new Map(), counted: new Set(counted), counts: new Map() };
    for (const server of leaving) leavers.quietLooks.set(server, before?.quietLooks.get(server) ?? 0);
    for (const server of [...leavers.quietLooks.keys(), ...leavers.counted]) {
      const count = before?.counts.get(server);
      if (count !== undefined) leavers.counts.set(server, count);
    }
    if (leavers.quietLooks.size + leavers.counted.size === 0) this.#services.delete(text);
    else this.#services.set(text, leavers);
    if (this.#services.size > 0 && !this.#isRunning) this.#lookIn(POLL_MILLISECONDS);
  }

  hasEnded(service: string, server: string): boolean {
    return (this.#services.get(service)?.quietLooks.get(server) ?? 0) >= QUIET_LOOKS;
  }

  /** `undefined` before the first look. */
  countOf(service: string, server: string): number | undefined {
    return this.#services.get(service)?.counts.get(server);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #lookIn(milliseconds: number): void {
    this.#isRunning = true;
    this.#cancel = this.#input.clock.schedule(milliseconds, () => {
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const { clock, kernel, onEnd } = this.#input;
    const start = clock.nowMilliseconds();
    const asked = this.#dueServices(start);
    try {
      const observed = asked.length === 0 ? [] : await kernel.readObservedServices(asked.map(([, { key }]) => key));
      for (const [i, [service, leavers]] of asked.entries()) {
        if (this.#note(service, leavers, observed[i]?.servers ?? [])) onEnd(service);
      }
    } catch (error) {
      // The loop tells of a kernel that does not answer; the deadlines hold meanwhile.
      if (!(error instanceof KernelError)) throw error;
    }
    this.#isRunning = false;
    const duration = clock.nowMilliseconds() - start;
    if (this.#services.size > 0 && !this.#isStopped) this.#lookIn(Math.max(POLL_MILLISECONDS, duration * REST_FACTOR));
  }

  #dueServices(now: number): readonly (readonly [string, Leavers])[] {
    const all = [...this.#services];
    const leaving = all.filter(([, { quietLooks }]) => quietLooks.size > 0);
    if (now < this.#nextCountMilliseconds) return leaving;
    this.#nextCountMilliseconds = now + COUNT_MILLISECONDS;
    const counted = all.filter(([, { quietLooks }]) => quietLooks.size === 0);
    return [...leaving, ...counted.slice(0, MAXIMUM_COUNTED)];
  }

  /** Who began to leave while the kernel was read waits for the next look. Returns whether connections have ended. */
  #note(service: string, asked: Leavers, servers: readonly ObservedRealServer[]): boolean {
    const { key, quietLooks, counted, counts } = this.#services.get(service) ?? asked;
    const there = new Map(servers.map((server) => [realServerKeyText(server), server]));
    const countOf = (text: string): number => {
      const server = there.get(text);
      return server === undefined ? 0 : countConnections(server, key);
    };
    let ended = false;
    for (const text of counted) counts.set(text, countOf(text));
    for (const [text, before] of quietLooks) {
      if (!asked.quietLooks.has(text)) continue;
      const server = there.get(text);
      const count = countOf(text);
      counts.set(text, count);
      // One that takes new connections still has ended nothing.
      const isQuiet = count === 0 && (server === undefined || server.weight === 0);
      quietLooks.set(text, isQuiet ? before + 1 : 0);
      if (isQuiet && before + 1 === QUIET_LOOKS) ended = true;
    }
    return ended;
  }
}

/** Of UDP all count as inactive. Of TCP those are about to end, or have. */
function countConnections({ connections: { active, inactive } }: ObservedRealServer, key: ServiceKey): number {
  return key.firewallMark === undefined && key.protocol === 'TCP' ? active : active + inactive;
}
