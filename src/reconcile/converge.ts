import type { ConvergeInput, ConvergeReport } from './converge-types.js';

/**
 * Reads, plans, records and applies until the kernel is as wanted, or nothing more can be done about it.
 *
 * Rejects with KernelError where the kernel cannot be read at all, and with what the inventory rejects with.
 */
export async function converge(input: ConvergeInput): Promise<ConvergeReport> {
  await input.kernel.readInfo();
  throw new Error('to come');
}
