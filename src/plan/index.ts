/**
 * Floor 1. (wanted, observed, ownership) → ordered operations, and their text. Pure: no I/O, no clock, no memory of
 * earlier plans. What a plan contains is minimal: nothing equal is written, nothing that can be edited is deleted.
 */
export type { Adoption, Before, Change, Plan, PlanProblem } from './plan.js';
