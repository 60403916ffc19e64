import { happeningsOf } from '../../reconcile/index.js';
import type { ControllerEvent, Happening } from '../../reconcile/index.js';

/** One event as hooks are told it; docs/health.md and docs/running.md document it for those who write them. */
export interface HookEvent extends Omit<Happening, 'name'> {
  /** ISO 8601. */
  readonly time: string;
  readonly event: Happening['name'];
}

/** What of an event of the controller hooks are told. */
export function hookEventsOf(event: ControllerEvent, now: Date): readonly HookEvent[] {
  const time = now.toISOString();
  return happeningsOf(event).map(({ name, ...what }) => ({ time, event: name, ...what }));
}
