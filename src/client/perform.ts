import type { Operation } from '../model/index.js';
import type { IpvsKernel } from '../kernel/index.js';

/** Carries one operation out; throws the KernelError that it failed with. */
export async function perform(kernel: IpvsKernel, operation: Operation): Promise<void> {
  const [result] = await kernel.apply([operation]);
  if (result?.status === 'Failed') throw result.error;
}
