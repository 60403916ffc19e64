/**
 * Floor 1. Verdicts, times and numbers of connections → which real servers take connections, and how many: rise and
 * fall, quorum, sorry servers, slow start, drains; and the port to what asks servers how they are. Time is passed in.
 * Nothing here asks, waits, or writes to a kernel.
 */
export { advisedWeight, NOTHING_ADVISED } from './advice.js';
export type { Advice, Advised, AdvisedWeight } from './advice.js';
export { judge, unaskedState } from './check-state.js';
export type { CheckState } from './check-state.js';
export { coversDrain, isDrained } from './manual-drain.js';
export type { ManualDrain } from './manual-drain.js';
export { NOTHING_STORED } from './memory.js';
export type { HealthMemory, StoredDeparture, StoredHealth, StoredService } from './memory.js';
export type { Prober } from './prober.js';
export { describeService } from './service-state.js';
export type { Past, ServiceState } from './service-state.js';
export { behindText, TargetNames, targetText } from './target.js';
export type { Behind, Target } from './target.js';
export type { Verdict, VerdictCode } from './verdict.js';
