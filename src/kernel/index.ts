/**
 * Floor 2. The port to the kernel, as the reconciler sees it, and what every implementation of it shares. The real
 * one is `adapters/netlink`, the fake one `testing`; `test/contract` holds both to this text. No I/O here.
 */
export { Failures, splitIntoWaves } from './waves.js';
export type { Wave } from './waves.js';
export type {
  ApplyOptions,
  IpvsKernel,
  KernelInfo,
  KernelTable,
  ObservedTable,
  OperationResult,
  Progress,
  ReadOptions,
} from './ipvs-kernel.js';
export type { Inventory, InventoryEntry, InventoryIntent } from './inventory.js';
