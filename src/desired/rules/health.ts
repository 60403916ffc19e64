import type { DeclaredCheck, VirtualServiceSpec } from '../declared.js';
import type { Fault } from '../faults.js';
import { CHECK_TYPES, DEFAULT_INTERVAL_SECONDS, DEFAULT_TIMEOUT_SECONDS, settingsField } from '../schema/limits.js';
import { RULE } from '../schema/rule-texts.js';
import { findDuplicates } from './duplicates.js';

/** The rules of checks and of the quorum. */
export function findHealthContradictions(spec: VirtualServiceSpec): readonly Fault[] {
  const { health, quorum } = spec;
  if (health === undefined && quorum === undefined) return [];
  const faults: Fault[] = [];
  if (quorum?.minimumHealthy !== undefined && quorum.minimumWeight !== undefined) {
    faults.push({ path: ['spec', 'quorum'], reason: 'Inconsistent', message: RULE.quorumMeasure });
  }
  const path = ['spec', 'health', 'checks'];
  const hasPorts = spec.ports !== undefined && spec.ports.every(({ port }) => port !== 0);
  for (const [i, check] of (health?.checks ?? []).entries()) {
    if (!hasPorts && check.port === undefined) {
      faults.push({ path: [...path, i, 'port'], reason: 'Missing', message: RULE.checkNeedsPort });
    }
    for (const fault of findCheckFaults(check)) faults.push({ ...fault, path: [...path, i, ...fault.path] });
  }
  return [...faults, ...findDuplicates(health?.checks, path, (check) => check.name)];
}

function findCheckFaults(check: DeclaredCheck): readonly Fault[] {
  const { intervalSeconds = DEFAULT_INTERVAL_SECONDS, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, http } = check;
  const faults: Fault[] = [];
  for (const type of CHECK_TYPES) {
    const field = settingsField(type);
    if (check[field] === undefined || check.type === type) continue;
    faults.push({ path: [field], reason: 'Inconsistent', message: RULE.settingsOf(type) });
  }
  if (timeoutSeconds > intervalSeconds) {
    const message = `${RULE.timeoutWithinInterval}, ${intervalSeconds} s`;
    faults.push({ path: ['timeoutSeconds'], reason: 'Inconsistent', message });
  }
  const flaw = http?.expectBodyPattern === undefined ? undefined : flawOfPattern(http.expectBodyPattern);
  if (flaw !== undefined) {
    faults.push({ path: ['http', 'expectBodyPattern'], reason: 'InvalidValue', message: flaw });
  }
  return [...faults, ...findDuplicates(http?.headers, ['http', 'headers'], ({ name }) => name)];
}

function flawOfPattern(text: string): string | undefined {
  try {
    new RegExp(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `expected a regular expression: ${error.message}`;
  }
}
