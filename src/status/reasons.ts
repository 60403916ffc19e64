/** Why an object is on one node as it is, the more serious ones first: tools match these words. */
const NODE_REASONS = [
  'InvalidSpec',
  'NotAllowed',
  'Conflict',
  'PartialConflict',
  'ForeignService',
  'UnsupportedByKernel',
  'ProgrammingFailed',
  'KernelUnavailable',
  'NoServers',
  'AllFailing',
  'SorryServersInUse',
  'Suspended',
  'RemovalsHeldBack',
  'RemovalsDeferred',
  'ServersLeftOut',
  'Draining',
  'Programmed',
] as const;
export type NodeReason = (typeof NODE_REASONS)[number];

export type ConditionStatus = 'True' | 'False' | 'Unknown';
export const CONDITION_TYPES = ['Accepted', 'Programmed', 'Ready'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

type Verdicts = Readonly<Record<ConditionType, ConditionStatus>>;

const REFUSED: Verdicts = { Accepted: 'False', Programmed: 'False', Ready: 'False' };
const NOT_PROGRAMMED: Verdicts = { Accepted: 'True', Programmed: 'False', Ready: 'False' };
const NOT_SERVED: Verdicts = { Accepted: 'True', Programmed: 'True', Ready: 'False' };
const LEFT_OVERS: Verdicts = { Accepted: 'True', Programmed: 'False', Ready: 'True' };
const PROGRAMMED: Verdicts = { Accepted: 'True', Programmed: 'True', Ready: 'True' };
const UNKNOWN: Verdicts = { Accepted: 'Unknown', Programmed: 'Unknown', Ready: 'Unknown' };

const VERDICTS: Readonly<Record<NodeReason, Verdicts>> = {
  InvalidSpec: REFUSED,
  NotAllowed: REFUSED,
  Conflict: REFUSED,
  PartialConflict: REFUSED,
  ForeignService: REFUSED,
  UnsupportedByKernel: NOT_PROGRAMMED,
  ProgrammingFailed: NOT_PROGRAMMED,
  KernelUnavailable: NOT_PROGRAMMED,
  NoServers: NOT_SERVED,
  AllFailing: NOT_SERVED,
  SorryServersInUse: NOT_SERVED,
  Suspended: { Accepted: 'True', Programmed: 'Unknown', Ready: 'Unknown' },
  RemovalsHeldBack: LEFT_OVERS,
  RemovalsDeferred: LEFT_OVERS,
  ServersLeftOut: PROGRAMMED,
  Draining: PROGRAMMED,
  Programmed: PROGRAMMED,
};

/** What a node's reason says about the conditions; a word that only another version knows says nothing. */
export function verdictsOf(reason: string | undefined): Verdicts {
  const known = NODE_REASONS.find((name) => name === reason);
  return known === undefined ? UNKNOWN : VERDICTS[known];
}

/** 0 is the most serious. */
export function seriousness(reason: string | undefined): number {
  const index = NODE_REASONS.findIndex((name) => name === reason);
  return index < 0 ? NODE_REASONS.length : index;
}

/**
 * Whether a person should look at it (`Bad`), may be glad of it (`Good`), or need not be told. That sorry servers are in
 * use, and drains, is told as it happens, with the servers that it is about.
 */
export function concernOf(reason: string): 'Bad' | 'Good' | 'None' {
  switch (reason) {
    case 'Programmed':
      return 'Good';
    case 'Suspended':
    case 'RemovalsDeferred':
    case 'Draining':
    case 'SorryServersInUse':
      return 'None';
    default:
      return 'Bad';
  }
}
