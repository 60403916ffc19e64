/**
 * The library: `import { openIpvs } from 'ipvs-operator'`. Three layers, from the friendly to the bare: the client, IPVS
 * as objects; the pure parts of the declarative side, from documents to a plan and its text; and the port to the kernel
 * with the plain data that all of them share. The fake kernel for tests is `ipvs-operator/testing`.
 */
import { openIpvsKernel } from './adapters/netlink/index.js';
import { Ipvs } from './client/index.js';

/**
 * Connects to the IPVS of this process's network namespace, and loads the module ip_vs where it can be loaded. Rejects
 * with KernelError: `EPERM` without CAP_NET_ADMIN in the initial user namespace, `NOIPVS` without the module; with
 * UserError where the native addon was not built. An open connection keeps no process alive that has nothing to do.
 */
export async function openIpvs(): Promise<Ipvs> {
  return new Ipvs(await openIpvsKernel());
}

export {
  InvalidInputError,
  Ipvs,
  IpvsServer,
  IpvsService,
  serverFromInput,
  serviceFromInput,
  serviceKeyFromInput,
} from './client/index.js';
export type {
  PersistenceInput,
  ServerInput,
  ServerKeyInput,
  ServerSettingsInput,
  ServiceInput,
  ServiceKeyInput,
  ServiceSettingsInput,
} from './client/index.js';

export { deriveWanted, readDocuments, renderDocuments } from './desired/index.js';
export type {
  DeclaredDirector,
  DeclaredDocument,
  DeclaredVirtualService,
  DeriveResult,
  DirectorDocument,
  DocumentSource,
  Notice,
  NoticeFeature,
  ReadOptions as ReadDocumentsOptions,
  ReadResult as ReadDocumentsResult,
  RenderedDocuments,
  Unsayable,
  VirtualServiceDocument,
} from './desired/index.js';
export { countPlan, formatPlan, planChanges, planHasChanges, planToJson } from './plan/index.js';
export type {
  Adoption,
  Before,
  Change,
  FormatOptions,
  ObservedState,
  Orphan,
  Owner,
  Plan,
  PlanCounts,
  PlanInput,
  PlanOptions,
  PlanProblem,
} from './plan/index.js';

export { openIpvsKernel };
export type {
  ApplyOptions,
  Inventory,
  InventoryEntry,
  InventoryIntent,
  IpvsKernel,
  KernelInfo,
  KernelTable,
  ObservedTable,
  OperationResult,
  Progress,
  ReadOptions,
} from './kernel/index.js';
export { KernelError, UnsupportedError, UserError } from './errors/index.js';
export type { Issue, IssueReason, KernelErrorCode, SourceLocation } from './errors/index.js';
export { describeOperation, parseServiceKeyText, realServerKeyText, serviceKeyText } from './model/index.js';
export type {
  AddressFamily,
  AddressPrefix,
  AddressServiceKey,
  ChecksumKind,
  ConnectionCounts,
  ExclusiveClaims,
  FirewallMarkServiceKey,
  ForwardingMethod,
  KernelService,
  ObservedRealServer,
  ObservedService,
  Operation,
  OperationKind,
  Persistence,
  Protocol,
  RealServer,
  RealServerKey,
  ServiceKey,
  ServiceSettings,
  Statistics,
  SyncDaemon,
  SyncRole,
  Sysctls,
  Timeouts,
  Tunnel,
  TunnelType,
  WantedDirector,
  WantedService,
  WantedState,
} from './model/index.js';
