import type { KernelErrorCode } from '../errors/index.js';
import { addressFamily } from '../model/index.js';
import type { SyncDaemon, SyncRole } from '../model/index.js';
import { isMulticast } from './address-kinds.js';
import { hasMixedFamilies } from './servers.js';
import type { State } from './state.js';
import type { Traits } from './traits.js';

const DEFAULT_GROUP = '224.0.0.81';
const DEFAULT_PORT = 8848;
const DEFAULT_TTL = 1;
const UDP_HEADER_BYTES = 8;
const IP_HEADER_BYTES = { IPv4: 20, IPv6: 40 } as const;

/** NEW_DAEMON. */
export function startDaemon(state: State, traits: Traits, daemon: SyncDaemon): KernelErrorCode | undefined {
  if (daemon.multicastGroup !== undefined && !isMulticast(daemon.multicastGroup)) return 'EINVAL';
  if (hasMixedFamilies(state)) return 'EINVAL';
  const interfaceMtu = traits.interfaces.get(daemon.interface);
  if (interfaceMtu === undefined) return 'ENODEV';
  if (state.daemons.has(daemon.role)) return 'EEXIST';
  state.daemons.set(daemon.role, withDefaults(daemon, interfaceMtu));
  return undefined;
}

/** DEL_DAEMON. */
export function stopDaemon(state: State, role: SyncRole): KernelErrorCode | undefined {
  return state.daemons.delete(role) ? undefined : 'ESRCH';
}

/** What the kernel fills in: a backup can take messages as long as its interface carries, a master sends short ones. */
function withDefaults(daemon: SyncDaemon, interfaceMtu: number): SyncDaemon {
  const multicastGroup = daemon.multicastGroup ?? DEFAULT_GROUP;
  const headerBytes = IP_HEADER_BYTES[addressFamily(multicastGroup)] + UDP_HEADER_BYTES;
  const isBackup = daemon.role === 'Backup';
  const mtu = isBackup ? clamp(interfaceMtu, 1500, 65535) : 1500;
  const asked = daemon.maximumMessageLength ?? 0;
  return {
    role: daemon.role,
    interface: daemon.interface,
    syncId: daemon.syncId,
    multicastGroup,
    port: orDefault(daemon.port, DEFAULT_PORT),
    ttl: orDefault(daemon.ttl, DEFAULT_TTL),
    maximumMessageLength: asked === 0 ? mtu - headerBytes : clamp(asked, isBackup ? 1024 : 1, 65535 - headerBytes),
  };
}

/** Zero asks for the default, as absence does. */
function orDefault(value: number | undefined, fallback: number): number {
  return value === undefined || value === 0 ? fallback : value;
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(Math.max(value, minimum), maximum);
}
