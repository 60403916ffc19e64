/**
 * What is wanted, kept up to date while units come, change and go. What one object means is derived with the parts of
 * `derive/`, so that the controller and `apply` cannot disagree.
 */
export { DesiredIndex } from './desired-index.js';
export type { Claim, ObjectStanding } from './standing.js';
export type { UnitChange } from './unit-change.js';
