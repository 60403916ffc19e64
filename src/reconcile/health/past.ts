import type { Past, StoredService } from '../../health/index.js';
import { realServerKeyText } from '../../model/index.js';
import type { RealServer } from '../../model/index.js';

/** What a service was before this process, as far as the kernel has it and an earlier one kept it. */
export function pastOf(existing: readonly RealServer[], stored: StoredService | undefined, epochOffset: number): Past {
  const there = new Set(existing.map(realServerKeyText));
  const leaving = (stored?.leaving ?? []).map((entry) => ({
    server: entry.server,
    sinceMilliseconds: entry.sinceMilliseconds - epochOffset,
    deadlineMilliseconds: entry.deadlineMilliseconds - epochOffset,
  }));
  const ramps = Object.entries(stored?.ramps ?? {}).map(([server, start]) => [server, start - epochOffset] as const);
  return {
    servers: existing,
    hasQuorum: stored?.hasQuorum ?? true,
    ramps: new Map(ramps),
    leaving: new Map(
      leaving.map((entry) => [realServerKeyText(entry.server), entry] as const).filter(([key]) => there.has(key)),
    ),
    resting: new Set(existing.filter(({ weight }) => weight === 0).map(realServerKeyText)),
  };
}
