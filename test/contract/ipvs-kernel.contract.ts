import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { IpvsKernel } from '../../src/kernel/index.js';
import { describeConditions } from './conditions.js';
import { describeDependencies } from './dependencies.js';
import { describeOperations } from './operations.js';
import { describeRandomOperations } from './random-operations.js';
import { describeReads } from './reads.js';
import { emptyKernel } from './snapshot.js';
import type { ContractTarget } from './target.js';

/**
 * What `IpvsKernel` promises and what the kernel's documentation says, as tests that the fake and the real one both
 * have to pass. Every test starts on an empty table.
 */
export function describeIpvsKernelContract(name: string, target: ContractTarget): void {
  describe(`The contract of IpvsKernel, held by ${name}`, () => {
    let kernel: IpvsKernel;
    beforeAll(async () => {
      kernel = await target.open();
    });
    beforeEach(() => emptyKernel(kernel));
    afterAll(async () => {
      await emptyKernel(kernel);
      await kernel.close();
    });

    const current = (): IpvsKernel => kernel;
    describeOperations(current);
    describeDependencies(current);
    describeReads(current);
    describeRandomOperations(current, target.randomRuns);
    describeConditions(target);
  });
}
