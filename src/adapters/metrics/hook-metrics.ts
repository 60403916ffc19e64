import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

export interface HookMetrics {
  noteHookEvents(hook: 'command' | 'webhook', result: 'delivered' | 'lost', count: number): void;
}

/** What became of the events that hooks were to be told. */
export function createHookMetrics(registry: Registry): HookMetrics {
  const events = new Counter({
    name: 'ipvs_operator_hook_events_total',
    help: 'Events that hooks took, and those that they did not take in time.',
    labelNames: ['hook', 'result'],
    registers: [registry],
  });
  return {
    noteHookEvents: (hook, result, count) => {
      events.inc({ hook, result }, count);
    },
  };
}
