import type { ServiceManager } from '../../adapters/systemd/index.js';
import type { ControllerEvent, ControllerSnapshot } from '../../reconcile/index.js';
import { counted } from '../output/numbers.js';
import type { Vitality } from './vitality.js';

/** A reload ends after so long even where no full round comes of it, since its source is away: nothing waits for that. */
const RELOAD_MILLISECONDS = 10_000;

/**
 * Tells the service manager how the controller is: ready after the first full round, or once it waits for a source that
 * is away, which is nothing that a restart would mend; alive for as long as the loop turns.
 */
export class ServiceDuties {
  readonly #manager: ServiceManager;
  readonly #snapshot: () => ControllerSnapshot;
  #owesReady = true;
  #reloadDeadline: NodeJS.Timeout | undefined;
  #feeding: NodeJS.Timeout | undefined;

  constructor(manager: ServiceManager, snapshot: () => ControllerSnapshot) {
    this.#manager = manager;
    this.#snapshot = snapshot;
  }

  /** Feeds the watchdog, if there is one, until `stopping`. */
  start(vitality: Vitality): void {
    const { watchdogMilliseconds } = this.#manager;
    if (watchdogMilliseconds === undefined) return;
    this.#feeding = setInterval(() => {
      if (vitality.liveness(this.#snapshot()).isGood) this.#manager.alive();
    }, watchdogMilliseconds);
    this.#feeding.unref();
  }

  reloading(): void {
    this.#manager.reloading();
    this.#owesReady = true;
    clearTimeout(this.#reloadDeadline);
    this.#reloadDeadline = setTimeout(() => {
      this.#ready(undefined);
    }, RELOAD_MILLISECONDS);
    this.#reloadDeadline.unref();
  }

  observe(event: ControllerEvent): void {
    if (event.kind === 'SourceState' && event.state.kind === 'Away') this.#ready(`waiting for ${event.source}`);
    if (event.kind === 'RoundFailed') this.#ready(event.error.message);
    if (event.kind === 'RoundFinished' && event.round.kind === 'Full') this.#ready(undefined);
  }

  stopping(): void {
    clearInterval(this.#feeding);
    clearTimeout(this.#reloadDeadline);
    this.#manager.stopping();
  }

  #ready(trouble: string | undefined): void {
    this.#manager.status(trouble ?? this.#summary());
    if (this.#owesReady) this.#manager.ready();
    this.#owesReady = false;
  }

  #summary(): string {
    const { counts, failing, issues } = this.#snapshot();
    const troubles = [
      ...(failing.length > 0 ? [`${failing.length} failing`] : []),
      ...(issues.length > 0 ? [counted(issues.length, 'fault')] : []),
    ];
    return [counted(counts.wantedServices, 'service'), ...troubles].join(', ');
  }
}
