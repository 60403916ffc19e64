import type { ControllerSnapshot, RoundSummary } from '../../src/reconcile/index.js';

const FULL_ROUND: RoundSummary = {
  kind: 'Full',
  keyCount: 3,
  startMilliseconds: 9_000,
  endMilliseconds: 9_012,
  durations: { readMilliseconds: 10, planMilliseconds: 1, applyMilliseconds: 1 },
  doneCount: 0,
  failureCount: 0,
  skippedCount: 0,
  cancelledCount: 0,
  driftCount: 0,
};

/** What a controller says of itself, ten seconds after its start and with nothing wrong, but for these fields. */
export function snapshotWith(fields: Partial<ControllerSnapshot> = {}): ControllerSnapshot {
  return {
    nowMilliseconds: 10_000,
    sources: [
      {
        name: 'files /etc/ipvs-operator',
        state: { kind: 'Complete' },
        sinceMilliseconds: 1_000,
        isComplete: true,
        unitCount: 2,
        brokenUnits: [],
      },
    ],
    kernel: { kind: 'Reachable' },
    current: null,
    lastRound: FULL_ROUND,
    lastFullRound: FULL_ROUND,
    failing: [],
    problems: [],
    issues: [],
    notices: [],
    removals: { obstacles: [], deferred: [], heldBack: [] },
    counts: {
      wantedServices: 3,
      wantedServers: 6,
      observedServices: 4,
      observedServers: 7,
      owned: 3,
      pending: 0,
    },
    drift: {},
    health: {
      checks: 0,
      failingChecks: 0,
      servers: { healthy: 0, idle: 0, failing: 0, leaving: 0, sorry: 0 },
      sorryServices: 0,
      servicesWithoutQuorum: 0,
      departingServices: 0,
      drains: [],
      otherCount: 0,
      services: [],
    },
    ...fields,
  };
}
