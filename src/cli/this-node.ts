import { hostname } from 'node:os';
import type { NodeLabels } from '../desired/index.js';
import type { NodeFlags } from './options.js';

const HOSTNAME_LABEL = 'kubernetes.io/hostname';

/** The name of the Node that this is. Nodes are called as their hosts are, in lower case. */
export function nodeNameOf({ nodeName }: NodeFlags, environment: Readonly<Record<string, string | undefined>>): string {
  const given = nodeName ?? environment['NODE_NAME'];
  return given === undefined || given === '' ? hostname().toLowerCase() : given;
}

/** What the flags say of the labels of this node. With its name alone, that is its only label. */
export function nodeLabelsOf({ nodeName, nodeLabels }: NodeFlags): NodeLabels {
  if (nodeLabels === undefined && nodeName === undefined) return { kind: 'Unknown' };
  const named = nodeName === undefined ? {} : { [HOSTNAME_LABEL]: nodeName };
  return { kind: 'Known', labels: { ...named, ...nodeLabels } };
}
