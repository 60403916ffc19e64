import type { Plan, PlanCounts } from './plan.js';

/** Whether applying the plan would do anything. */
export function planHasChanges(plan: Plan): boolean {
  return plan.changes.length > 0 || plan.adoptions.length > 0;
}

export function countPlan(plan: Plan): PlanCounts {
  throw new Error(`to come: ${plan.changes.length}`);
}
