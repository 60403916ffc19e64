import type { AdvisedWeight } from '../../health/index.js';

const MAXIMUM_WEIGHT = 65_535;

/** A weight as servers say it: `50%` of the declared one, or `20` instead of it. `undefined` for anything else. */
export function parseWeight(text: string): AdvisedWeight | undefined {
  const [, digits, sign] = /^([0-9]{1,5})(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  if (digits === undefined || number > MAXIMUM_WEIGHT) return undefined;
  return sign === '%' ? { kind: 'Percent', percent: number } : { kind: 'Absolute', weight: number };
}
