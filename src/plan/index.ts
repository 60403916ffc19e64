/**
 * Floor 1. (wanted, observed, ownership) → ordered operations, and their text. Pure: no I/O, no clock, no memory of
 * earlier plans. What a plan contains is minimal: nothing equal is written, nothing that can be edited is deleted.
 */
export { countPlan, planHasChanges } from './count.js';
export { describeChange } from './describe-change.js';
export { observationNeeds } from './director-changes.js';
export { formatPlan } from './format-plan.js';
export type { FormatOptions } from './format-plan.js';
export { Imprint } from './imprint.js';
export { planChanges, planInSteps } from './plan-changes.js';
export { planToJson } from './plan-json.js';
export { removalLimit } from './removals.js';
export { formatPlanProblem } from './plan-sentences.js';
export type {
  Adoption,
  Before,
  Change,
  Counts,
  ObservedState,
  Orphan,
  Owner,
  Plan,
  PlanCounts,
  PlanInput,
  PlanOptions,
  PlanProblem,
} from './plan.js';
