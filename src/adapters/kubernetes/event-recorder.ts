import { createHash } from 'node:crypto';
import { concernOf } from '../../status/index.js';
import { ApiError } from './api-error.js';
import type { ApiClient } from './client.js';
import { DECLARED_API_VERSION, parseObjectText } from './declared-object.js';
import type { DeclaredName } from './declared-object.js';
import { microTime } from './lease.js';
import type { Pacing } from './pacing.js';
import type { WrittenState } from './status-writer.js';

export interface EventRecorderOptions {
  readonly client: ApiClient;
  readonly node: string;
  readonly pacing: Pacing;
  /** The time of the day, as Events have it. */
  readonly now: () => Date;
}

const REPORTER = 'ipvs-operator.io/controller';
const ACTION = 'Program';
/** Kubernetes' limit of what an Event says. */
const MAXIMUM_NOTE_LENGTH = 1024;
const MAXIMUM_INSTANCE_LENGTH = 128;
/** What is not sent within this many is old news by then: status and log have it. */
const MAXIMUM_WAITING = 100;
const EVENT_MILLISECONDS = 500;
/** The same within this time is one series, as in Kubernetes' own recorder. */
const SERIES_MILLISECONDS = 360_000;
const MAXIMUM_SERIES = 256;
const TIMEOUT_MILLISECONDS = 5000;
/** Where Events of objects without a namespace go. */
const CLUSTER_NAMESPACE = 'default';

interface Series {
  readonly path: string;
  count: number;
  lastMilliseconds: number;
}

/**
 * Makes Events of what a person should see: an object that came to be other than declared on this node, or came right
 * again. Nobody waits for them: what cannot be sent is lost.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  #waiting: WrittenState[] = [];
  readonly #series = new Map<string, Series>();
  #wake = new AbortController();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Takes a state that was written down: an Event is made where it says something else than the one before. */
  note(written: WrittenState): void {
    const { before, state } = written;
    const concern = concernOf(state.reason);
    if (concern === 'None' || before?.reason === state.reason) return;
    const wasBad = before?.reason !== undefined && concernOf(before.reason) === 'Bad';
    if (concern === 'Good' && !wasBad) return;
    if (this.#waiting.length >= MAXIMUM_WAITING) this.#waiting.shift();
    this.#waiting.push(written);
    this.#wake.abort();
  }

  /** Until the signal aborts. A rejection is a bug. */
  async run(signal: AbortSignal): Promise<void> {
    const { pacing } = this.#options;
    const wake = (): void => {
      this.#wake.abort();
    };
    signal.addEventListener('abort', wake);
    while (!signal.aborted) {
      const next = this.#waiting.shift();
      if (next !== undefined) await this.#send(next, signal);
      if (this.#wake.signal.aborted) this.#wake = new AbortController();
      if (this.#waiting.length > 0) await pacing.sleep(EVENT_MILLISECONDS, signal);
      else await pacing.sleep(SERIES_MILLISECONDS, this.#wake.signal);
    }
    signal.removeEventListener('abort', wake);
  }

  async #send(written: WrittenState, signal: AbortSignal): Promise<void> {
    const name = parseObjectText(written.object);
    if (name === undefined) return;
    const id = [written.object, written.uid, written.state.reason, written.state.message].join('\n');
    const now = this.#options.pacing.nowMilliseconds();
    const known = this.#series.get(id);
    try {
      if (known !== undefined && now - known.lastMilliseconds < SERIES_MILLISECONDS) {
        known.count++;
        known.lastMilliseconds = now;
        await this.#continue(known, signal);
      } else await this.#create(name, written, id, signal);
    } catch (error) {
      this.#series.delete(id);
      if (!(error instanceof ApiError) && !signal.aborted) throw error;
    }
  }

  async #create(name: DeclaredName, written: WrittenState, id: string, signal: AbortSignal): Promise<void> {
    const { client, node, now, pacing } = this.#options;
    const { kind, namespace = CLUSTER_NAMESPACE } = name;
    const time = now();
    const hash = createHash('sha256').update(`${id}\n${node}`).digest('hex').slice(0, 12);
    const eventName = `${name.name.slice(0, 200)}.${hash}${time.getTime().toString(16)}`;
    const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: eventName, namespace },
      eventTime: microTime(time),
      reportingController: REPORTER,
      reportingInstance: node.slice(0, MAXIMUM_INSTANCE_LENGTH),
      action: ACTION,
      reason: written.state.reason,
      type: concernOf(written.state.reason) === 'Bad' ? 'Warning' : 'Normal',
      note: noteOf(node, written),
      regarding: {
        apiVersion: DECLARED_API_VERSION,
        kind,
        name: name.name,
        ...(name.namespace === undefined ? {} : { namespace: name.namespace }),
        ...(written.uid === undefined ? {} : { uid: written.uid }),
      },
    };
    await client.request({ method: 'POST', path, body, timeoutMilliseconds: TIMEOUT_MILLISECONDS, signal });
    const [oldest] = this.#series.keys();
    if (this.#series.size >= MAXIMUM_SERIES && oldest !== undefined) this.#series.delete(oldest);
    this.#series.set(id, { path: `${path}/${eventName}`, count: 1, lastMilliseconds: pacing.nowMilliseconds() });
  }

  async #continue({ path, count }: Series, signal: AbortSignal): Promise<void> {
    const { client, now } = this.#options;
    await client.request({
      method: 'PATCH',
      path,
      contentType: 'application/merge-patch+json',
      body: { series: { count, lastObservedTime: microTime(now()) } },
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      signal,
    });
  }
}

function noteOf(node: string, { state }: WrittenState): string {
  const text = state.message === '' ? 'in the kernel as it is declared' : state.message;
  return `on ${node}: ${text}`.slice(0, MAXIMUM_NOTE_LENGTH);
}
