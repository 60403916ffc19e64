/**
 * Floor 4. Asks servers how they are: over the network, in every way that a check can, or by a program. Whatever a server
 * does, a probe ends in time with one verdict, and leaves nothing open. What follows from verdicts is decided by `health/`.
 */
export { probeStarter } from './start-probe.js';
export { ProbeScheduler } from './scheduler.js';
