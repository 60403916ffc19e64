import { defineConfig } from 'vitest/config';
import { namespacePool } from './test/lab/namespace-pool.js';

/**
 * What nothing may run beside: what sets the clock, real servers under load, because clients take all processors and checks
 * would time out, and what unloads modules of the kernel.
 */
const ALONE = ['test/e2e/chaos.test.ts', 'test/e2e/health-*.test.ts', 'test/kernel/scheduler-modules.test.ts'];

const IN_THE_LAB = {
  pool: namespacePool,
  // Only what hangs takes so long.
  testTimeout: 420_000,
  hookTimeout: 60_000,
};

// Four suites. `unit` runs anywhere. `cluster` talks to a real API server on the loopback. `kernel` and then `alone`
// need IPVS and are run in the lab, where every file has a network namespace of its own: see docs/testing.md.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/cluster/**', 'test/kernel/**', 'test/e2e/**'],
          pool: 'threads',
          // By itself vitest leaves a processor idle.
          maxWorkers: '100%',
          // Properties try many cases, and machines are slow when they are busy.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          pool: 'forks',
          // Every file starts an API server, which takes a processor for some seconds.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...IN_THE_LAB,
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          exclude: ALONE,
          // The guest has two CPUs, and files share nothing but the kernel.
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...IN_THE_LAB,
          name: 'alone',
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
