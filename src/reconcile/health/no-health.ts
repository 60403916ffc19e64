import { NOTHING_STORED } from '../../health/index.js';
import type { HealthInput } from './types.js';

/** Asks nobody and keeps nothing. */
export const NO_HEALTH: HealthInput = {
  prober: { watch: () => () => undefined },
  memory: { load: () => Promise.resolve(NOTHING_STORED), save: () => Promise.resolve() },
  checkMarks: null,
  nowEpochMilliseconds: () => 0,
};
