import type { LabelSelector } from '../declared.js';
import type { Labels, NodeLabels } from '../surroundings.js';

type LabelExpression = NonNullable<LabelSelector['matchExpressions']>[number];

/** Whether the labels are what the selector asks for. An empty one asks for nothing. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  const isWanted = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labelOf(labels, key) === value);
  return isWanted && (selector.matchExpressions ?? []).every((expression) => matches(expression, labels));
}

/** Whether an object with this `nodeSelector` applies to the node. */
export function selectsNode(selector: LabelSelector | undefined, node: NodeLabels): boolean {
  if (selector === undefined) return true;
  switch (node.kind) {
    case 'Unknown':
      return true;
    case 'Awaited':
      return false;
    case 'Known':
      return matchesSelector(selector, node.labels);
  }
}

function matches({ key, operator, values = [] }: LabelExpression, labels: Labels): boolean {
  const label = labelOf(labels, key);
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
  }
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
