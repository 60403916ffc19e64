import type { VirtualServiceSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import { RULE } from '../schema/rule-texts.js';
import { findDuplicates } from './duplicates.js';

/** The rules of checks and of the quorum. */
export function findHealthContradictions({ health, quorum }: VirtualServiceSpec): readonly Fault[] {
  if (health === undefined && quorum === undefined) return [];
  const faults: Fault[] = [];
  if (quorum?.minimumHealthy !== undefined && quorum.minimumWeight !== undefined) {
    faults.push({ path: ['spec', 'quorum'], reason: 'Inconsistent', message: RULE.quorumMeasure });
  }
  const path = ['spec', 'health', 'checks'];
  for (const [i, check] of (health?.checks ?? []).entries()) {
    const { intervalSeconds = 5, timeoutSeconds = 2 } = check;
    if (check.http !== undefined && check.type !== 'HTTP') {
      faults.push({ path: [...path, i, 'http'], reason: 'Inconsistent', message: RULE.httpSettings });
    }
    if (timeoutSeconds > intervalSeconds) {
      const message = `${RULE.timeoutWithinInterval}, ${intervalSeconds} s`;
      faults.push({ path: [...path, i, 'timeoutSeconds'], reason: 'Inconsistent', message });
    }
  }
  return [...faults, ...findDuplicates(health?.checks, path, (check) => check.name)];
}
