import type { ClusterReporter, ReporterNews } from '../../adapters/kubernetes/index.js';
import type { Log } from '../../adapters/log/index.js';
import type { ControllerEvent } from '../../reconcile/index.js';
import type { Source, Surroundings } from '../../sources/index.js';

type ReporterEvent = ReporterNews & { readonly kind: 'Event' };

/** What a controller does for its cluster besides following it. A host of its own has none: nothing happens then. */
export class ClusterDuties {
  readonly #reporter: ClusterReporter | undefined;
  readonly #log: Log;
  readonly #noteEvent: (result: ReporterEvent['result']) => void;

  constructor(reporter: ClusterReporter | undefined, log: Log, noteEvent: (result: ReporterEvent['result']) => void) {
    this.#reporter = reporter;
    this.#log = log;
    this.#noteEvent = noteEvent;
  }

  /** What tells who leads. */
  get sources(): readonly Source[] {
    return this.#reporter === undefined ? [] : [this.#reporter.failover];
  }

  /** What is known of who leads before anybody was elected. */
  get roles(): Surroundings['roles'] {
    return this.#reporter === undefined ? null : new Map();
  }

  observe(event: ControllerEvent): void {
    if (event.kind === 'ElectionWanted') this.#reporter?.contest(event.director);
    this.#reporter?.observe(event);
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#reporter?.run(signal, (news) => {
      this.#tell(news);
    });
  }

  #tell(news: ReporterNews): void {
    switch (news.kind) {
      case 'WriteFailed':
        this.#log.warn(`${news.object}: its status cannot be written, and is tried again: ${news.error.message}`, {
          object: news.object,
        });
        break;
      case 'Event':
        this.#noteEvent(news.result);
        break;
      case 'StatusRole':
        if (news.role === 'Leader') this.#log.info('this node sums up the statuses of all objects now');
        else if (news.role === 'Follower') this.#log.info('another node sums up the statuses of all objects');
        break;
    }
  }
}
