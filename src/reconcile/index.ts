/**
 * Floor 3. Makes the kernel equal to what is wanted, once or for ever, through the ports alone: it knows neither netlink
 * nor files, and is the only one that writes to the kernel. Time is passed in. Failures of single operations are data in
 * the report.
 */
export { withCache } from './cached-source.js';
export type { CacheEvent } from './cached-source-types.js';
export { SYSTEM_CLOCK } from './clock.js';
export type { Clock } from './clock.js';
export { createController } from './controller.js';
export type {
  Controller,
  ControllerEvent,
  ControllerOptions,
  ControllerSnapshot,
  FailingKey,
  FinishedRound,
  KernelSnapshot,
  RoundSummary,
} from './controller-types.js';
export { converge } from './converge.js';
export { happeningsOf } from './happenings.js';
export type { Happening, HappeningName } from './happenings.js';
export type {
  CheckChange,
  CheckHealth,
  DrainChange,
  HealthEvent,
  HealthSnapshot,
  ServerHealth,
  ServiceHealth,
  ServiceTally,
} from './health/index.js';
export type { ConvergeInput, ConvergeOptions, ConvergeProgress, ConvergeReport, Failure } from './converge-types.js';
