import type { LabelSelector, Path } from '../declared.js';
import type { Fault } from '../faults.js';
import { RULE } from '../schema/rule-texts.js';

/** The rules of a label selector's expressions. */
export function findSelectorContradictions(selector: LabelSelector | undefined, path: Path): readonly Fault[] {
  return (selector?.matchExpressions ?? []).flatMap(({ operator, values = [] }, i): readonly Fault[] => {
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (values.length > 0 === needsValues) return [];
    return [{ path: [...path, 'matchExpressions', i], reason: 'Inconsistent', message: RULE.selectorValues }];
  });
}
