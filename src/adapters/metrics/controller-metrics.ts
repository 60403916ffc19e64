import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Verdict } from '../../health/index.js';
import type { OperationKind } from '../../model/index.js';
import type { Change } from '../../plan/index.js';
import type { ControllerEvent, ControllerSnapshot } from '../../reconcile/index.js';
import { createEventMetrics } from './event-metrics.js';
import type { EventMetrics } from './event-metrics.js';
import { createHealthMetrics } from './health-metrics.js';
import { createHookMetrics } from './hook-metrics.js';
import type { HookMetrics } from './hook-metrics.js';
import { addWatchMetrics } from './watch-metrics.js';
import type { WatchMetricsInput } from './watch-metrics.js';

export interface ControllerMetrics extends HookMetrics, EventMetrics {
  /** To be called with every event of the controller. */
  observe(event: ControllerEvent): void;
  /** To be called with every verdict of a probe. */
  noteVerdict(type: string, verdict: Verdict): void;
  /** Something was declared anew, and waits for the controller. */
  noteQueued(): void;
  /** All metrics as text. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface ControllerMetricsInput {
  readonly version: string;
  readonly snapshot: () => ControllerSnapshot;
  /** Seconds since 1970. */
  readonly nowSeconds: () => number;
  /** Absent where no cluster is followed. */
  readonly watches?: WatchMetricsInput;
}

/** How often the event loop's lag is looked at: a hundred times a second, as usual, is most of what an idle controller does. */
const LAG_MILLISECONDS = 100;

const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createControllerMetrics(input: ControllerMetricsInput): ControllerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_MILLISECONDS });
  // Whoever asks has all numbers of one moment, which is looked at once.
  let moment: ControllerSnapshot | undefined;
  const snapshot = (): ControllerSnapshot => moment ?? input.snapshot();
  addSnapshotMetrics(registry, { ...input, snapshot });
  if (input.watches !== undefined) addWatchMetrics(registry, input.watches);
  const registers = [registry];
  const duration = new Histogram({
    name: 'ipvs_operator_sync_duration_seconds',
    help: 'How long it took to read, plan and write: all services (full), or some that changed (keys).',
    labelNames: ['kind'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const lastSync = new Gauge({
    name: 'ipvs_operator_sync_last_timestamp_seconds',
    help: 'When the last synchronisation ended.',
    registers,
  });
  const lastQueued = new Gauge({
    name: 'ipvs_operator_sync_last_queued_timestamp_seconds',
    help: 'When something was last declared anew.',
    registers,
  });
  const operations = new Counter({
    name: 'ipvs_operator_operations_total',
    help: 'Operations of the kernel, by kind and by what became of them.',
    labelNames: ['operation', 'result'],
    registers,
  });
  const readFailures = new Counter({
    name: 'ipvs_operator_sync_failures_total',
    help: 'Synchronisations that failed as a whole: the kernel could not be read, or the inventory not be written.',
    registers,
  });
  const health = createHealthMetrics(registry, snapshot);
  return {
    ...createHookMetrics(registry),
    ...createEventMetrics(registry),
    contentType: registry.contentType,
    noteVerdict: (type, verdict) => {
      health.noteVerdict(type, verdict);
    },
    text: async () => {
      moment = input.snapshot();
      try {
        return await registry.metrics();
      } finally {
        moment = undefined;
      }
    },
    noteQueued: () => {
      lastQueued.set(input.nowSeconds());
    },
    observe: (event) => {
      health.observe(event);
      if (event.kind === 'RoundFailed') readFailures.inc();
      if (event.kind !== 'RoundFinished') return;
      const { kind, report } = event.round;
      const { readMilliseconds, planMilliseconds, applyMilliseconds } = report.durations;
      duration.observe(
        { kind: kind === 'Full' ? 'full' : 'keys' },
        (readMilliseconds + planMilliseconds + applyMilliseconds) / 1000,
      );
      lastSync.set(input.nowSeconds());
      const count = (result: string, changes: Iterable<Change>): void => {
        for (const [operation, number] of countByKind(changes)) operations.inc({ operation, result }, number);
      };
      count('done', report.done);
      count('failed', changesOf(report.failures));
      count('skipped', changesOf(report.skipped));
    },
  };
}

function* changesOf(outcomes: Iterable<{ readonly change: Change }>): Generator<Change> {
  for (const { change } of outcomes) yield change;
}

function countByKind(changes: Iterable<Change>): ReadonlyMap<OperationKind, number> {
  const counts = new Map<OperationKind, number>();
  for (const { operation } of changes) counts.set(operation.kind, (counts.get(operation.kind) ?? 0) + 1);
  return counts;
}

/** What the controller knows of itself when somebody asks. */
function addSnapshotMetrics(registry: Registry, { version, snapshot }: ControllerMetricsInput): void {
  const registers = [registry];
  const gauge = (name: string, help: string, valueOf: (now: ControllerSnapshot) => number): void => {
    new Gauge({
      name: `ipvs_operator_${name}`,
      help,
      registers,
      collect() {
        this.set(valueOf(snapshot()));
      },
    });
  };
  gauge('wanted_services', 'Kernel services that are declared.', ({ counts }) => counts.wantedServices);
  gauge('wanted_real_servers', 'Real servers that are declared.', ({ counts }) => counts.wantedServers);
  gauge('owned_services', 'Services and daemons in the inventory.', ({ counts }) => counts.owned);
  gauge('pending_services', 'Services that are to be looked at.', ({ counts }) => counts.pending);
  gauge('failing_services', 'What the kernel refused at the last try.', ({ failing }) => failing.length);
  gauge('removals_held_back', 'Services whose removal is held back.', ({ removals }) => removals.heldBack.length);
  gauge('removals_deferred', 'Services that wait for obstacles to go.', ({ removals }) => removals.deferred.length);
  gauge('declaration_issues', 'Faults in what is declared.', ({ issues }) => issues.length);
  gauge('kernel_up', 'Whether the kernel could be read at the last try.', ({ kernel }) =>
    kernel.kind === 'Reachable' ? 1 : 0,
  );
  const sourceGauge = (
    name: string,
    help: string,
    valueOf: (source: ControllerSnapshot['sources'][number]) => number,
  ): void => {
    new Gauge({
      name: `ipvs_operator_source_${name}`,
      help,
      labelNames: ['source'],
      registers,
      collect() {
        for (const source of snapshot().sources) this.set({ source: source.name }, valueOf(source));
      },
    });
  };
  sourceGauge('complete', 'Whether the source is read completely now.', ({ state }) =>
    state.kind === 'Complete' ? 1 : 0,
  );
  sourceGauge('units', 'Files or objects of the source.', ({ unitCount }) => unitCount);
  sourceGauge(
    'broken_units',
    'Those that are broken and keep their last good state.',
    ({ brokenUnits }) => brokenUnits.length,
  );
  new Counter({
    name: 'ipvs_operator_drift_repaired_total',
    help: 'What others did to the kernel and was repaired, by the operation that it took.',
    labelNames: ['operation'],
    registers,
    collect() {
      this.reset();
      for (const [operation, count] of Object.entries(snapshot().drift)) this.inc({ operation }, count);
    },
  });
  new Gauge({
    name: 'ipvs_operator_build_info',
    help: 'Always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
}
