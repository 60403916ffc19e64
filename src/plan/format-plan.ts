import type { Plan, PlanCounts, PlanProblem } from './plan.js';

export interface FormatOptions {
  /** Whether to use ANSI colours. */
  readonly color?: boolean;
}

/** The plan as lines without line breaks, ending with the counts. */
export function formatPlan(plan: Plan, options: FormatOptions = {}): Iterable<string> {
  throw new Error(`to come: ${plan.changes.length} ${options.color === true}`);
}

/** `services 3 to add, 1 to change, 2 to remove; real servers 30 to add, …`; empty where all counts are 0. */
export function formatPlanCounts(counts: PlanCounts): string {
  throw new Error(`to come: ${counts.adoptions}`);
}

/** A problem in sentences for a person, with what to do about it. */
export function formatPlanProblem(problem: PlanProblem): string {
  throw new Error(`to come: ${problem.kind}`);
}
