import { DEFAULT_TIMEOUTS, TUNNEL_TYPES } from '../model/index.js';
import type { KernelService, Sysctls, Timeouts, TunnelType } from '../model/index.js';
import type { KernelInfo } from '../kernel/index.js';
import { DEFAULT_SYSCTLS } from './sysctls.js';

/** `NotPermitted`: every call rejects with EPERM. `NotLoaded`: with NOIPVS. */
export type Availability = 'Available' | 'NotPermitted' | 'NotLoaded';

/** What a fake kernel starts with, and what it can do. Everything absent is as on a Linux with all modules. */
export interface FakeKernelOptions {
  /** Carried out as additions by somebody else; an impossible one throws. */
  readonly services?: readonly KernelService[];
  readonly availability?: Availability;
  /** Names of schedulers that the kernel has or can load. */
  readonly schedulers?: readonly string[];
  /** Names of persistence engines; `sip` is the only one that Linux has. */
  readonly engines?: readonly string[];
  /** A kernel without some of them (before 5.3) ignores what was asked, and reads back IPIP. */
  readonly tunnelTypes?: readonly TunnelType[];
  /** Whether IPVS was built with IPv6. */
  readonly ipv6?: boolean;
  /** The network interfaces and their MTUs in bytes. */
  readonly interfaces?: Readonly<Record<string, number>>;
  /** While `lo` is down in a network namespace of its own, the kernel takes no IPv4 real server. */
  readonly loopbackUp?: boolean;
  /** IPv6 addresses of this host, of which those that are link-local can be real servers. */
  readonly localAddresses?: readonly string[];
  readonly timeouts?: Timeouts;
  /** On top of the usual ones. */
  readonly sysctls?: Sysctls;
  readonly info?: KernelInfo;
}

/** The unchanging half of the options, complete. */
export interface Traits {
  readonly schedulers: ReadonlySet<string>;
  readonly engines: ReadonlySet<string>;
  readonly tunnelTypes: ReadonlySet<TunnelType>;
  readonly ipv6: boolean;
  readonly interfaces: ReadonlyMap<string, number>;
  readonly loopbackUp: boolean;
  readonly localAddresses: ReadonlySet<string>;
  readonly info: KernelInfo;
}

const LINUX_SCHEDULERS = 'dh fo lblc lblcr lc mh nq ovf rr sed sh twos wlc wrr'.split(' ');

export function traitsOf(options: FakeKernelOptions): Traits {
  return {
    schedulers: new Set(options.schedulers ?? LINUX_SCHEDULERS),
    engines: new Set(options.engines ?? ['sip']),
    tunnelTypes: new Set(options.tunnelTypes ?? TUNNEL_TYPES),
    ipv6: options.ipv6 ?? true,
    interfaces: new Map(Object.entries(options.interfaces ?? { lo: 65536, eth0: 1500 })),
    loopbackUp: options.loopbackUp ?? true,
    localAddresses: new Set(options.localAddresses ?? []),
    info: options.info ?? { version: '1.2.1', connectionTableSize: 4096 },
  };
}

export function startingTimeouts(options: FakeKernelOptions): Timeouts {
  return options.timeouts ?? DEFAULT_TIMEOUTS;
}

export function startingSysctls(options: FakeKernelOptions): Map<string, string> {
  return new Map(Object.entries({ ...DEFAULT_SYSCTLS, ...options.sysctls }));
}
