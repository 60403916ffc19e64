import { KernelError } from '../../errors/index.js';
import type { IpvsKernel } from '../../kernel/index.js';
import { realServerKeyText, serviceKeyText } from '../../model/index.js';
import type { ObservedRealServer, ServiceKey } from '../../model/index.js';
import type { Clock } from '../clock.js';

const POLL_MILLISECONDS = 1000;
/** Reading may take at most one part in so many of the time. */
const REST_FACTOR = 10;
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
  /** Connections at the last look. */
  readonly counts: Map<string, number>;
}

/** Looks, while servers leave, how many connections they still have. */
export class Connections {
  readonly #input: ConnectionsInput;
  readonly #services = new Map<string, Leavers>();
  #isRunning = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(input: ConnectionsInput) {
    this.#input = input;
  }

  /** The servers of this service that leave, in place of those that did. */
  watch(key: ServiceKey, servers: Iterable<string>): void {
    const text = serviceKeyText(key);
    const before = this.#services.get(text);
    const leavers: Leavers = { key, quietLooks: new Map(), counts: new Map() };
    for (const server of servers) {
      leavers.quietLooks.set(server, before?.quietLooks.get(server) ?? 0);
      const count = before?.counts.get(server);
      if (count !== undefined) leavers.counts.set(server, count);
    }
    if (leavers.quietLooks.size === 0) this.#services.delete(text);
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
    const asked = [...this.#services];
    try {
      const observed = await kernel.readObservedServices(asked.map(([, { key }]) => key));
      for (const [i, [service, leavers]] of asked.entries()) {
        if (this.#note(leavers, observed[i]?.servers ?? [], leavers.key)) onEnd(service);
      }
    } catch (error) {
      // The loop tells of a kernel that does not answer; the deadlines hold meanwhile.
      if (!(error instanceof KernelError)) throw error;
    }
    this.#isRunning = false;
    const duration = clock.nowMilliseconds() - start;
    if (this.#services.size > 0 && !this.#isStopped) this.#lookIn(Math.max(POLL_MILLISECONDS, duration * REST_FACTOR));
  }

  /** Returns whether connections have ended. */
  #note({ quietLooks, counts }: Leavers, servers: readonly ObservedRealServer[], key: ServiceKey): boolean {
    const there = new Map(servers.map((server) => [realServerKeyText(server), server]));
    let ended = false;
    for (const [text, before] of quietLooks) {
      const server = there.get(text);
      const count = server === undefined ? 0 : countConnections(server, key);
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
