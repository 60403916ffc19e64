import type { Quorum } from '../model/index.js';

/**
 * Whether the quorum holds. One that was lost is back when the minimum is exceeded by the hysteresis, or when nothing is
 * missing: a pool that is whole has its quorum back however large the hysteresis.
 *
 * @param held whether it held before
 * @param available what the servers that take connections count together
 * @param total what all servers would
 */
export function holdsQuorum({ minimum, hysteresis }: Quorum, held: boolean, available: number, total: number): boolean {
  if (held) return available >= minimum;
  return available >= Math.max(minimum, Math.min(minimum + hysteresis, total));
}
