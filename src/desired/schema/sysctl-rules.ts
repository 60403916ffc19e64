import { expectedText, INTEGER_PATTERN, POWERS_OF_TWO, SYSCTLS, THRESHOLD_AND_PERIOD_PATTERN } from '../sysctls.js';
import type { SysctlKind } from '../sysctls.js';

/**
 * Every known sysctl as a property of its own, for the API server: so that it refuses a name that is not among them, says
 * of each value what describeBadSysctl says, and explains them all.
 */
export const SYSCTL_PROPERTIES: Readonly<Record<string, unknown>> = Object.fromEntries(
  [...SYSCTLS].map(([name, kind]) => [
    name,
    {
      type: 'string',
      description: `Takes ${expectedText(kind)}.`,
      maxLength: 255,
      'x-kubernetes-validations': [{ rule: ruleOf(kind), message: `expected ${expectedText(kind)}` }],
    },
  ]),
);

/** Order matters: a number is only read out of what looks like one. */
function ruleOf(kind: SysctlKind): string {
  if (kind === 'PowerOfTwo') return `self in [${POWERS_OF_TWO.map((power) => `'${power}'`).join(', ')}]`;
  if (kind === 'ThresholdAndPeriod') {
    const [threshold, period] = [0, 1].map((i) => `int(self.replace('\\t', ' ').split(' ')[${i}])`);
    return `self.matches('${THRESHOLD_AND_PERIOD_PATTERN}') && (${threshold} < ${period} || ${period} == 0)`;
  }
  const [minimum, maximum] = kind;
  return `self.matches('${INTEGER_PATTERN}') && int(self) >= ${minimum} && int(self) <= ${maximum}`;
}
