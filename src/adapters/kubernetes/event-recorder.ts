import { createHash } from 'node:crypto';
import { ApiError } from './api-error.js';
import type { ApiClient } from './client.js';
import { DECLARED_API_VERSION, parseObjectText } from './declared-object.js';
import type { DeclaredName } from './declared-object.js';
import { EventBudget } from './event-budget.js';
import { EventSeries } from './event-series.js';
import type { Series } from './event-series.js';
import { shortenName } from './field-manager.js';
import { microTime } from './lease.js';
import type { Pacing } from './pacing.js';
import { Waker } from './waker.js';

export interface EventRecorderOptions {
  readonly client: ApiClient;
  readonly node: string;
  readonly pacing: Pacing;
  /** The time of the day, as Events have it. */
  readonly now: () => Date;
  readonly onResult?: (result: EventResult) => void;
}

/** What becomes of a draft: an Event of its own, one more of an Event that there is, or nothing. */
export type EventResult = 'made' | 'repeated' | 'lost';

/** What an Event shall say of an object. */
export interface EventDraft {
  /** `VirtualService shop/web`, `Director edge`. */
  readonly object: string;
  readonly uid: string | undefined;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** What the program was doing, in one word. */
  readonly action: string;
  /** The node comes before it. */
  readonly note: string;
}

interface Waiting extends EventDraft {
  readonly time: Date;
}

const REPORTER = 'ipvs-operator.io/controller';
/** Kubernetes' limits of what an Event says, and of who says it. */
const MAXIMUM_NOTE_BYTES = 1024;
const MAXIMUM_INSTANCE_LENGTH = 128;
/** What is not sent within this many is old news by then: status and log have it. */
const MAXIMUM_WAITING = 100;
const EVENT_MILLISECONDS = 500;
const IDLE_MILLISECONDS = 3_600_000;
const TIMEOUT_MILLISECONDS = 5000;
/** Where Events of objects without a namespace go. */
const CLUSTER_NAMESPACE = 'default';

/**
 * Makes Events of what a person should see, at a bounded rate in all and of each object. What repeats is counted in the
 * Event that there is. Nobody waits for them: what cannot be sent is lost.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #waiting: Waiting[] = [];
  readonly #series = new EventSeries();
  readonly #budget = new EventBudget();
  readonly #waker: Waker;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#waker = new Waker(options.pacing);
  }

  note(draft: EventDraft): void {
    if (this.#waiting.length >= MAXIMUM_WAITING) {
      this.#waiting.shift();
      this.#options.onResult?.('lost');
    }
    this.#waiting.push({ ...draft, time: this.#options.now() });
    this.#waker.wake();
  }

  /** Until the signal aborts. A rejection is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    const { pacing } = this.#options;
    while (!signal.aborted) {
      if (await this.#sendNext(signal)) await pacing.sleep(EVENT_MILLISECONDS, signal);
      else if (this.#waiting.length === 0) {
        const wait = Math.max(0, this.#series.nextMilliseconds() - pacing.nowMilliseconds());
        await this.#waker.sleep(Math.min(wait, IDLE_MILLISECONDS), signal);
      }
    }
  }

  /** Returns whether the API server may have been asked. */
  async #sendNext(signal: AbortSignal): Promise<boolean> {
    const now = this.#options.pacing.nowMilliseconds();
    const draft = this.#waiting.shift();
    if (draft !== undefined) {
      const result = await this.#send(draft, now, signal);
      this.#options.onResult?.(result);
      return result !== 'repeated';
    }
    const series = this.#series.takeDue(now);
    if (series === undefined) return false;
    const isSent = await this.#try(() => this.#tellSeries(series, signal), signal);
    if (!isSent) this.#series.forget(series.path);
    return true;
  }

  async #send(draft: Waiting, now: number, signal: AbortSignal): Promise<EventResult> {
    const { object, uid, reason, note, time } = draft;
    const name = parseObjectText(object);
    const id = [object, uid, reason, note].join('\n');
    if (name === undefined) return 'lost';
    if (this.#series.repeat(id, time, now)) return 'repeated';
    if (!this.#budget.take(object, now)) return this.#series.repeatLike(draft, time, now) ? 'repeated' : 'lost';
    const isMade = await this.#try(async () => {
      const path = await this.#create(name, draft, id, signal);
      this.#series.begin(id, { object, reason, path, last: time }, now);
    }, signal);
    return isMade ? 'made' : 'lost';
  }

  /** What the API server does not take is lost. */
  async #try(request: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
    try {
      await request();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) && !signal.aborted) throw error;
      return false;
    }
  }

  /** Returns the Event's path. */
  async #create(name: DeclaredName, draft: Waiting, id: string, signal: AbortSignal): Promise<string> {
    const { client, node } = this.#options;
    const { kind, namespace = CLUSTER_NAMESPACE } = name;
    const { uid, type, reason, action, note, time } = draft;
    const hash = createHash('sha256').update(`${id}\n${node}`).digest('hex').slice(0, 12);
    const eventName = `${name.name.slice(0, 200)}.${hash}${time.getTime().toString(16)}`;
    const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: eventName, namespace },
      eventTime: microTime(time),
      reportingController: REPORTER,
      reportingInstance: shortenName(node, MAXIMUM_INSTANCE_LENGTH),
      action,
      reason,
      type,
      note: cutNote(`on ${node}: ${note}`),
      regarding: {
        apiVersion: DECLARED_API_VERSION,
        kind,
        name: name.name,
        ...(name.namespace === undefined ? {} : { namespace: name.namespace }),
        ...(uid === undefined ? {} : { uid }),
      },
    };
    await client.request({ method: 'POST', path, body, timeoutMilliseconds: TIMEOUT_MILLISECONDS, signal });
    return `${path}/${eventName}`;
  }

  async #tellSeries({ path, count, last }: Series, signal: AbortSignal): Promise<void> {
    await this.#options.client.request({
      method: 'PATCH',
      path,
      contentType: 'application/merge-patch+json',
      body: { series: { count, lastObservedTime: microTime(last) } },
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      signal,
    });
  }
}

/** Whole characters of it. */
function cutNote(note: string): string {
  const { read } = new TextEncoder().encodeInto(note, new Uint8Array(MAXIMUM_NOTE_BYTES));
  return note.slice(0, read);
}
