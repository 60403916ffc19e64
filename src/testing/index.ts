/**
 * The fake kernel: IPVS over plain maps, with the kernel's own errors and read-back, for tests of programs that use an
 * `IpvsKernel`. Public as `ipvs-operator/testing`. It stands on floors 0 to 2, does no I/O, and knows no clock; the
 * contract suite that holds the adapter to the real kernel holds the fake to it too.
 */
export { FakeKernel, createFakeKernel } from './fake-kernel.js';
export type { OperationMatch, Moment } from './faults.js';
export type { Availability, FakeKernelOptions } from './traits.js';
