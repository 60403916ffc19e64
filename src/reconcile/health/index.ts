/**
 * What is declared, with the servers of this moment: follows verdicts, times and numbers of connections, and says which
 * services to look at again. It decides by the rules of `health/`, and writes nothing to the kernel.
 */
export { NO_HEALTH } from './no-health.js';
export { HealthOverlay } from './overlay.js';
export type {
  CheckChange,
  CheckHealth,
  DrainChange,
  HealthEvent,
  HealthInput,
  HealthSnapshot,
  ServerHealth,
  ServiceHealth,
  ServiceStanding,
  ServiceTally,
} from './types.js';
