import { hostname } from 'node:os';
import type { NodeLabels } from '../desired/index.js';
import type { NodeFlags } from './options.js';

const HOSTNAME_LABEL = 'kubernetes.io/hostname';

type Environment = Readonly<Record<string, string | undefined>>;

/** The name of the Node that this is. Nodes are called as their hosts are, in lower case. */
export function nodeNameOf({ nodeName }: NodeFlags, environment: Environment): string {
  const given = nodeName ?? environment['NODE_NAME'];
  return given === undefined || given === '' ? hostname().toLowerCase() : given;
}

/**
 * What the flags say of the labels of this node. Its name is one of them, however it is known, unless they say another
 * one; with --node-name alone it is the only one. Without both flags nobody has said that labels matter.
 */
export function nodeLabelsOf(flags: NodeFlags, environment: Environment): NodeLabels {
  if (flags.nodeLabels === undefined && flags.nodeName === undefined) return { kind: 'Unknown' };
  return { kind: 'Known', labels: { [HOSTNAME_LABEL]: nodeNameOf(flags, environment), ...flags.nodeLabels } };
}
