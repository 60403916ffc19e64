import type { KernelError, KernelErrorCode } from '../errors/index.js';
import { describeOperation, realServerKeyText, serviceKeyText } from '../model/index.js';
import type {
  ConnectionCounts,
  KernelService,
  ObservedService,
  Operation,
  RealServerKey,
  ServiceKey,
  Statistics,
  SyncDaemon,
  Sysctls,
  Timeouts,
} from '../model/index.js';
import { Failures, splitIntoWaves } from '../kernel/index.js';
import type {
  ApplyOptions,
  IpvsKernel,
  KernelInfo,
  KernelTable,
  ObservedTable,
  OperationResult,
  ReadOptions,
} from '../kernel/index.js';
import { makeKernelError, Schedule } from './faults.js';
import type { Moment } from './faults.js';
import { carryOut } from './operations.js';
import { viewObservedService, viewService } from './state.js';
import type { ServerEntry, ServiceEntry, State } from './state.js';
import { startingSysctls, startingTimeouts, traitsOf } from './traits.js';
import type { Availability, FakeKernelOptions, Traits } from './traits.js';

const MAXIMUM_WAVE_LENGTH = 256;

export function createFakeKernel(options: FakeKernelOptions = {}): FakeKernel {
  return new FakeKernel(options);
}

/** A network namespace's IPVS in memory. Besides the port it has what a test needs to make things happen. */
export class FakeKernel implements IpvsKernel {
  readonly #traits: Traits;
  readonly #state: State;
  readonly #errors = new Schedule<KernelErrorCode>();
  readonly #interferences = new Schedule<() => void>();
  #availability: Availability;
  #closed = false;

  constructor(options: FakeKernelOptions = {}) {
    this.#traits = traitsOf(options);
    this.#availability = options.availability ?? 'Available';
    this.#state = {
      services: new Map(),
      trash: new Map(),
      daemons: new Map(),
      sysctls: startingSysctls(options),
      timeouts: startingTimeouts(options),
    };
    for (const { key, settings, servers } of options.services ?? []) {
      this.writeAsAnother({ kind: 'AddService', key, settings });
      for (const server of servers) this.writeAsAnother({ kind: 'AddServer', key, server });
    }
  }

  // What only a fake can do.

  /**
   * The next operation that fits fails with this code and changes nothing; `Read` makes the next read of services
   * reject. One exception is the kernel's own: an EditService that fails with ENOMEM while it changes the scheduler
   * leaves the service without one.
   */
  failNext(moment: Moment, code: KernelErrorCode): void {
    this.#errors.plan(moment, code);
  }

  /** Calls `act` once, in the midst of the next read of services or right before the next operation that fits. */
  interfere(moment: Moment, act: () => void): void {
    this.#interferences.plan(moment, act);
  }

  /** Carries operations out at once, as another program on the same host would; throws the kernel's error. */
  writeAsAnother(...operations: readonly Operation[]): void {
    for (const operation of operations) {
      const code = carryOut(this.#state, this.#traits, operation);
      if (code !== undefined) throw makeKernelError(code, describeOperation(operation));
    }
  }

  setAvailability(availability: Availability): void {
    this.#availability = availability;
  }

  /** Counts that are not named keep their value. Throws where there is no such server. */
  setConnections(key: ServiceKey, server: RealServerKey, counts: Partial<ConnectionCounts>): void {
    const entry = this.#serverEntry(key, server);
    entry.connections = { ...entry.connections, ...counts };
  }

  /** Of a service, or (with `server`) of one of its servers. Throws where there is none. */
  setStatistics(key: ServiceKey, server: RealServerKey | null, statistics: Partial<Statistics>): void {
    const entry = server === null ? this.#serviceEntry(key) : this.#serverEntry(key, server);
    entry.statistics = { ...entry.statistics, ...statistics };
  }

  // The port.

  readTable(options: ReadOptions = {}): Promise<KernelTable> {
    return this.#answer(() => this.#readAll(viewService, options));
  }

  readObservedTable(options: ReadOptions = {}): Promise<ObservedTable> {
    return this.#answer(() => this.#readAll(viewObservedService, options));
  }

  readServices(
    keys: readonly ServiceKey[],
    options: ReadOptions = {},
  ): Promise<readonly (KernelService | undefined)[]> {
    return this.#answer(() => this.#readEach(keys.map(serviceKeyText), viewService, options));
  }

  readObservedServices(
    keys: readonly ServiceKey[],
    options: ReadOptions = {},
  ): Promise<readonly (ObservedService | undefined)[]> {
    return this.#answer(() => this.#readEach(keys.map(serviceKeyText), viewObservedService, options));
  }

  readInfo(): Promise<KernelInfo> {
    return this.#answer(() => this.#traits.info);
  }

  readTimeouts(): Promise<Timeouts> {
    return this.#answer(() => this.#state.timeouts);
  }

  readDaemons(): Promise<readonly SyncDaemon[]> {
    return this.#answer(() => [...this.#state.daemons.values()]);
  }

  readSysctls(names: readonly string[]): Promise<Sysctls> {
    return this.#answer(() => {
      const known = names.filter((name) => this.#state.sysctls.has(name));
      return Object.fromEntries(known.map((name) => [name, this.#state.sysctls.get(name) ?? '']));
    });
  }

  async apply(operations: readonly Operation[], options: ApplyOptions = {}): Promise<readonly OperationResult[]> {
    await this.#answer(() => undefined);
    const results: OperationResult[] = [];
    const failures = new Failures();
    for (const { start, end } of splitIntoWaves(operations, MAXIMUM_WAVE_LENGTH)) {
      if (options.signal?.aborted) break;
      for (const operation of operations.slice(start, end)) results.push(this.#attempt(operation, failures));
      options.onProgress?.(end);
      await Promise.resolve();
    }
    while (results.length < operations.length) results.push({ status: 'Cancelled' });
    return results;
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  #attempt(operation: Operation, failures: Failures): OperationResult {
    const cause = failures.blocking(operation);
    if (cause !== undefined) return { status: 'Skipped', cause };
    this.#interferences.take(operation)?.();
    const injected = this.#errors.take(operation);
    if (injected === 'ENOMEM') this.#loseScheduler(operation);
    const code = injected ?? carryOut(this.#state, this.#traits, operation);
    if (code === undefined) return { status: 'Done' };
    const error = makeKernelError(code, describeOperation(operation));
    failures.record(operation, error);
    return { status: 'Failed', error };
  }

  #loseScheduler(operation: Operation): void {
    if (operation.kind !== 'EditService') return;
    const entry = this.#state.services.get(serviceKeyText(operation.key));
    if (entry === undefined || entry.settings.scheduler === operation.settings.scheduler) return;
    entry.settings = { ...entry.settings, scheduler: '' };
  }

  #readAll<T>(view: (entry: ServiceEntry) => T, options: ReadOptions): Map<string, T> {
    const texts = [...this.#state.services.keys()];
    const services = this.#readEach(texts, view, options);
    const table = new Map<string, T>();
    for (const [i, text] of texts.entries()) {
      const service = services[i];
      if (service !== undefined) table.set(text, service);
    }
    return table;
  }

  #readEach<T>(
    texts: readonly string[],
    view: (entry: ServiceEntry) => T,
    { signal, onProgress }: ReadOptions,
  ): (T | undefined)[] {
    const injected = this.#errors.take('Read');
    if (injected !== undefined) throw makeKernelError(injected, 'read the table');
    const middle = texts.length >> 1;
    const read = (text: string): T | undefined => {
      const entry = this.#state.services.get(text);
      return entry === undefined ? undefined : view(entry);
    };
    signal?.throwIfAborted();
    const first = texts.slice(0, middle).map(read);
    this.#interferences.take('Read')?.();
    onProgress?.(middle);
    signal?.throwIfAborted();
    const services = [...first, ...texts.slice(middle).map(read)];
    onProgress?.(services.length);
    return services;
  }

  /** Every call to the kernel: none is answered at once, and none at all without the module and the right to. */
  async #answer<T>(call: () => T): Promise<T> {
    await Promise.resolve();
    if (this.#closed) throw new Error('the fake kernel was used after close()');
    const refusal = refusalOf(this.#availability);
    if (refusal !== undefined) throw refusal;
    return call();
  }

  #serviceEntry(key: ServiceKey): ServiceEntry {
    const entry = this.#state.services.get(serviceKeyText(key));
    if (entry === undefined) throw new Error(`the fake kernel has no service ${serviceKeyText(key)}`);
    return entry;
  }

  #serverEntry(key: ServiceKey, server: RealServerKey): ServerEntry {
    const entry = this.#serviceEntry(key).servers.get(realServerKeyText(server));
    if (entry === undefined) {
      throw new Error(`the fake kernel has no real server ${realServerKeyText(server)} of ${serviceKeyText(key)}`);
    }
    return entry;
  }
}

function refusalOf(availability: Availability): KernelError | undefined {
  switch (availability) {
    case 'Available':
      return undefined;
    case 'NotPermitted':
      return makeKernelError('EPERM', 'talk to IPVS');
    case 'NotLoaded':
      return makeKernelError('NOIPVS', 'talk to IPVS');
  }
}
