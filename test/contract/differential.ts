import fc from 'fast-check';
import { expect } from 'vitest';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { arbitraryCalls } from './arbitrary-operations.js';
import { RANDOM_LIMIT_MILLISECONDS, RANDOM_SEED } from './random-operations.js';
import { describeResult, emptyKernel, takeSnapshot } from './snapshot.js';

/** Feeds two kernels with the same operations: each result and each state must be the same. */
export async function expectNoDifference(one: IpvsKernel, other: IpvsKernel, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitraryCalls, async (calls) => {
      await emptyKernel(one);
      await emptyKernel(other);
      for (const operations of calls) {
        const results = (await one.apply(operations)).map(describeResult);
        expect((await other.apply(operations)).map(describeResult)).toEqual(results);
        expect(await takeSnapshot(other)).toEqual(await takeSnapshot(one));
      }
    }),
    { numRuns: runs, seed: RANDOM_SEED, interruptAfterTimeLimit: RANDOM_LIMIT_MILLISECONDS },
  );
}
