import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

export interface EventMetrics {
  noteClusterEvent(result: 'made' | 'repeated' | 'lost'): void;
}

/** What became of the Events that a cluster was to be told. */
export function createEventMetrics(registry: Registry): EventMetrics {
  const events = new Counter({
    name: 'ipvs_operator_events_total',
    help: 'Events of objects that were made, that were counted in those that there are, and that were lost.',
    labelNames: ['result'],
    registers: [registry],
  });
  return {
    noteClusterEvent: (result) => {
      events.inc({ result });
    },
  };
}
