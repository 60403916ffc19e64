import type { ControllerEvent } from '../../reconcile/index.js';
import type { Source, StatusSink } from '../../sources/index.js';
import type { ObjectReport } from '../../status/index.js';
import type { ApiError } from './api-error.js';
import type { ApiClient } from './client.js';
import type { DeclaredKind, ObjectObserver } from './declared-object.js';
import { EventRecorder } from './event-recorder.js';
import type { EventResult } from './event-recorder.js';
import { FailoverSource } from './failover-source.js';
import { HealthEvents } from './health-events.js';
import type { KubeObject } from './kube-object.js';
import { LeaseElector } from './lease-elector.js';
import type { LeaseRole, LeaseTiming } from './lease-elector.js';
import { keepPresence } from './node-presence.js';
import type { Pacing } from './pacing.js';
import { statusEvent } from './status-events.js';
import { StatusLeader } from './status-leader.js';
import { StatusWriter } from './status-writer.js';

export interface ClusterReporterOptions {
  readonly client: ApiClient;
  readonly node: string;
  /** Of the Leases: the controllers' own. */
  readonly namespace: string;
  readonly timing: LeaseTiming;
  readonly pacing: Pacing;
  /** The time of the day. */
  readonly now: () => Date;
}

/** What a log may want to say. */
export type ReporterNews =
  | { readonly kind: 'WriteFailed'; readonly object: string; readonly error: ApiError }
  | { readonly kind: 'Event'; readonly result: EventResult }
  /** Whether this one sums up the statuses of all objects. */
  | { readonly kind: 'StatusRole'; readonly role: LeaseRole };

const STATUS_LEASE = 'ipvs-operator';

/**
 * All that a controller writes into its cluster: the entries of its node, while it leads the sums of all entries,
 * Events, and the Leases of it.
 */
export class ClusterReporter implements StatusSink, ObjectObserver {
  readonly #options: ClusterReporterOptions;
  readonly #writer: StatusWriter;
  readonly #leader: StatusLeader;
  readonly #events: EventRecorder;
  readonly #healthEvents: HealthEvents;
  readonly #elector: LeaseElector;
  readonly #failover: FailoverSource;
  #onNews: (news: ReporterNews) => void = () => undefined;

  constructor(options: ClusterReporterOptions) {
    this.#options = options;
    const { namespace, node } = options;
    const onTrouble = (object: string, error: ApiError): void => {
      this.#onNews({ kind: 'WriteFailed', object, error });
    };
    const onResult = (result: EventResult): void => {
      this.#onNews({ kind: 'Event', result });
    };
    this.#events = new EventRecorder({ ...options, onResult });
    this.#writer = new StatusWriter({
      ...options,
      onTrouble,
      onWritten: (written) => {
        const event = statusEvent(written);
        if (event !== undefined) this.#events.note(event);
      },
    });
    this.#healthEvents = new HealthEvents({
      pacing: options.pacing,
      find: (object) => this.#writer.find(object),
      note: (event) => {
        this.#events.note(event);
      },
      onLost: () => {
        onResult('lost');
      },
    });
    this.#leader = new StatusLeader({ ...options, onTrouble });
    this.#elector = new LeaseElector({
      ...options,
      lease: { namespace, name: STATUS_LEASE },
      identity: node,
      onRole: (role) => {
        this.#leader.lead(role === 'Leader');
        this.#onNews({ kind: 'StatusRole', role });
      },
    });
    this.#failover = new FailoverSource({ ...options, identity: node });
  }

  /** Who leads among the nodes of a Director, as one more source. */
  get failover(): Source {
    return this.#failover;
  }

  /** @param director the one whose daemons depend on who leads */
  contest(director: string | undefined): void {
    this.#failover.contest(director);
  }

  /** To be called with every event of the controller: it takes no time. */
  observe(event: ControllerEvent): void {
    this.#healthEvents.observe(event);
  }

  report(reports: readonly ObjectReport[]): void {
    this.#writer.report(reports);
  }

  seen(kind: DeclaredKind, objects: readonly KubeObject[]): void {
    this.#writer.seen(kind, objects);
    this.#leader.seen(kind, objects);
  }

  gone(kind: DeclaredKind, keys: readonly string[]): void {
    this.#writer.gone(kind, keys);
    this.#leader.gone(kind, keys);
  }

  /** Until the signal aborts. A rejection is a bug. */
  async run(signal: AbortSignal, onNews: (news: ReporterNews) => void): Promise<void> {
    this.#onNews = onNews;
    await Promise.all([
      this.#writer.run(signal),
      this.#leader.run(signal),
      this.#events.run(signal),
      this.#healthEvents.run(signal),
      this.#elector.run(signal),
      keepPresence(this.#options, signal),
    ]);
  }
}
