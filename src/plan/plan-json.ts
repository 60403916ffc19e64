import type { Plan } from './plan.js';

/** The plan as plain data for `-o json` and `-o yaml`. */
export function planToJson(plan: Plan): Readonly<Record<string, unknown>> {
  throw new Error(`to come: ${plan.changes.length}`);
}
