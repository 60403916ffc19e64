import type { Issue } from '../errors/index.js';
import type { Notice } from '../desired/index.js';
import type { ControllerInput, ControllerSnapshot, FailingKey, KernelSnapshot } from './controller-types.js';
import type { Findings } from './findings.js';
import type { HealthOverlay, HealthSnapshot } from './health/index.js';
import type { Intake } from './intake.js';
import type { KeyQueue } from './queue.js';
import type { Rounds } from './rounds.js';

/** More of them nobody reads at once. */
const DESCRIBED_SERVICES = 100;

/** The parts of a controller that know something. */
interface Parts {
  readonly input: ControllerInput;
  readonly intake: Intake;
  readonly health: HealthOverlay;
  readonly queue: KeyQueue;
  readonly rounds: Rounds;
  readonly kernel: KernelSnapshot;
  readonly issues: readonly Issue[];
  readonly notices: readonly Notice[];
}

export function takeSnapshot({
  input,
  intake,
  health,
  queue,
  rounds,
  kernel,
  issues,
  notices,
}: Parts): ControllerSnapshot {
  const { findings, observed } = rounds;
  const { services } = intake.wanted;
  let healthSnapshot: HealthSnapshot | undefined;
  return {
    nowMilliseconds: input.clock.nowMilliseconds(),
    sources: intake.sources(),
    kernel,
    current: rounds.current,
    lastRound: rounds.last,
    lastFullRound: rounds.lastFull,
    failing: listFailing(findings, queue),
    problems: [...findings.problems.values()],
    issues,
    notices,
    removals: {
      obstacles: intake.obstacles(),
      deferred: [...findings.deferred],
      heldBack: [...findings.heldBack],
    },
    counts: {
      wantedServices: services.size,
      wantedServers: intake.wantedServers,
      observedServices: observed.services,
      observedServers: observed.servers,
      owned: input.inventory.entries().size,
      pending: queue.dueCount,
    },
    drift: Object.fromEntries(findings.drift),
    // Looks at every service that is checked: only for those who ask.
    get health() {
      healthSnapshot ??= health.view.snapshot(DESCRIBED_SERVICES);
      return healthSnapshot;
    },
  };
}

function listFailing({ failures }: Findings, queue: KeyQueue): readonly FailingKey[] {
  return Array.from(failures, ([key, { object, error }]) => {
    const { attempts = 1, nextTryMilliseconds = 0 } = queue.failed.get(key) ?? {};
    return { key, object, error, attempts, nextTryMilliseconds };
  });
}
