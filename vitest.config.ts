import { defineConfig } from 'vitest/config';

// Two suites. `unit` runs anywhere. `kernel` needs a network namespace with IPVS and is started inside one by
// test/lab: see docs/testing.md.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/kernel/**', 'test/e2e/**'],
          pool: 'threads',
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
