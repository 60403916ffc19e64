import type { IpvsKernel } from '../../src/kernel/index.js';

/**
 * A kernel that the contract suite runs on. It starts empty, with `lo` up and an interface named {@link INTERFACE}
 * that can send to multicast groups.
 */
export interface ContractTarget {
  open(): Promise<IpvsKernel>;
  /** The same on a kernel in this condition; or a text that says why that cannot be shown here. */
  readonly openWhere: Readonly<Record<Condition, (() => Promise<Conditioned>) | string>>;
  /** How many random sequences to try. */
  readonly randomRuns: number;
}

export type Condition = 'NotPermitted' | 'NotLoaded' | 'WithoutIPv6' | 'LoopbackNeverUp';

export interface Conditioned {
  readonly kernel: IpvsKernel;
  /** Ends the condition. */
  readonly restore: () => Promise<void>;
}

export const INTERFACE = 'eth0';
export const INTERFACE_MTU = 9000;
