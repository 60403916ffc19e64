import type { RealServer } from './real-server.js';
import type { ServiceKey } from './service-key.js';

/** All that can be edited of a kernel service in place, so without touching its connections or its servers. */
export interface ServiceSettings {
  /** The kernel's name of it, 1 to 15 characters; empty where the kernel lost it, which it shows as `none`. */
  readonly scheduler: string;
  /** A sum of 1 (flag-1: sh-fallback, mh-fallback), 2 (flag-2: sh-port, mh-port) and 4 (flag-3). */
  readonly schedulerFlags: number;
  readonly onePacketScheduling: boolean;
  readonly persistence: Persistence | null;
  /**
   * The persistence engine of a service without persistence, which the kernel keeps although it has no use for it;
   * absent for none, and beside persistence. No document declares it: it is here so that an edit is seen to be needed.
   */
  readonly strayEngine?: string;
}

export interface Persistence {
  /** 1..2678400 (31 days) where it is declared; the kernel takes any 32-bit number. */
  readonly timeoutSeconds: number;
  /** See {@link FULL_NETMASK}. */
  readonly netmask: string;
  /** The persistence engine's name, such as `sip`; empty for none. */
  readonly engine: string;
}

/** One entry of the kernel's table with its real servers. */
export interface KernelService {
  readonly key: ServiceKey;
  readonly settings: ServiceSettings;
  /** No two with the same address and port; the order means nothing. */
  readonly servers: readonly RealServer[];
}

/** Whether the kernel would see no difference. */
export function sameServiceSettings(a: ServiceSettings, b: ServiceSettings): boolean {
  if (a === b) return true;
  return (
    a.scheduler === b.scheduler &&
    a.schedulerFlags === b.schedulerFlags &&
    a.onePacketScheduling === b.onePacketScheduling &&
    samePersistence(a.persistence, b.persistence) &&
    a.strayEngine === b.strayEngine
  );
}

function samePersistence(a: Persistence | null, b: Persistence | null): boolean {
  if (a === null || b === null) return a === b;
  return a.timeoutSeconds === b.timeoutSeconds && a.netmask === b.netmask && a.engine === b.engine;
}

/** The persistence engine that the kernel is told, with persistence or without; empty for none. */
export function persistenceEngine({ persistence, strayEngine = '' }: ServiceSettings): string {
  return persistence?.engine ?? strayEngine;
}

/** The flags as `ipvsadm -b` takes them: `sh-fallback`, `mh-port`; `flag-1` with a scheduler that names none. */
export function schedulerFlagNames(scheduler: string, flags: number): readonly string[] {
  const named = scheduler === 'sh' || scheduler === 'mh';
  const names = [named ? `${scheduler}-fallback` : 'flag-1', named ? `${scheduler}-port` : 'flag-2', 'flag-3'];
  return names.filter((_, bit) => flags & (1 << bit));
}
