import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Verdict } from '../../health/index.js';
import type { ControllerEvent, ControllerSnapshot } from '../../reconcile/index.js';

export interface HealthMetrics {
  noteVerdict(type: string, verdict: Verdict): void;
  /** To be called with every event of the controller. */
  observe(event: ControllerEvent): void;
}

const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Probes and what came of them, by type and not by server: there are too many of those. */
export function createHealthMetrics(registry: Registry, snapshot: () => ControllerSnapshot): HealthMetrics {
  const registers = [registry];
  const verdicts = new Counter({
    name: 'ipvs_operator_probes_total',
    help: 'Probes that ended, by type and by the code of their verdict.',
    labelNames: ['type', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'ipvs_operator_probe_duration_seconds',
    help: 'How long probes took.',
    labelNames: ['type'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const transitions = new Counter({
    name: 'ipvs_operator_check_transitions_total',
    help: 'Checks of servers that began to pass, or to fail.',
    labelNames: ['to'],
    registers,
  });
  const serverTransitions = new Counter({
    name: 'ipvs_operator_server_transitions_total',
    help: 'Servers of services that began to pass, or to fail, by all of their checks together.',
    labelNames: ['to'],
    registers,
  });
  const gauge = (name: string, help: string, valueOf: (health: ControllerSnapshot['health']) => number): void => {
    new Gauge({
      name: `ipvs_operator_${name}`,
      help,
      registers,
      collect() {
        this.set(valueOf(snapshot().health));
      },
    });
  };
  gauge('checks', 'Checks of servers that run; what several services ask alike counts once.', ({ checks }) => checks);
  gauge('checks_failing', 'Those that fail.', ({ failingChecks }) => failingChecks);
  gauge('drains', 'Servers that a person took out.', ({ drains }) => drains.length);
  gauge(
    'services_without_quorum',
    'Services that have too few servers left.',
    ({ servicesWithoutQuorum }) => servicesWithoutQuorum,
  );
  gauge(
    'services_departing',
    'Services that are declared no more, and keep their connections for a while.',
    ({ departingServices }) => departingServices,
  );
  gauge('services_on_sorry_servers', 'Services that sorry servers stand in for.', ({ sorryServices }) => sorryServices);
  return {
    noteVerdict: (type, { code, latencyMilliseconds }) => {
      verdicts.inc({ type, code });
      durations.observe({ type }, latencyMilliseconds / 1000);
    },
    observe: (event) => {
      if (event.kind === 'ChecksChanged')
        countFlips(
          transitions,
          event.changes.map(({ state }) => state),
        );
      else if (event.kind === 'ServersChanged') countFlips(serverTransitions, event.changes);
    },
  };
}

function countFlips(counter: Counter<'to'>, flips: readonly { readonly isPassing: boolean }[]): void {
  const passing = flips.filter(({ isPassing }) => isPassing).length;
  if (passing > 0) counter.inc({ to: 'passing' }, passing);
  if (passing < flips.length) counter.inc({ to: 'failing' }, flips.length - passing);
}
