import { joinMessages, MAXIMUM_DIRECTORS, nameSome } from './bounds.js';
import type { NodeEntry } from './node-state.js';
import { CONDITION_TYPES, seriousness, verdictsOf } from './reasons.js';
import type { ConditionStatus, ConditionType } from './reasons.js';
import { sameSummary, summarise } from './summary.js';
import type { SummarisedSpec, Summary } from './summary.js';

/** A condition as everywhere in Kubernetes. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly observedGeneration?: number;
  /** ISO 8601, whole seconds. */
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** What the leader says of an object. */
export interface ObjectStatus {
  /** The generation that every director knows. */
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  readonly summary?: Summary;
}

export interface StatusInput {
  readonly generation: number;
  /** Of a VirtualService; a Director has no summary. */
  readonly spec?: SummarisedSpec;
  readonly entries: readonly NodeEntry[];
  /** Where a condition's status stays, so does its time. */
  readonly previous: readonly Condition[];
  readonly now: Date;
}

/**
 * Sums up what all directors say. As long as one of them does not know the newest generation, all of this is about an
 * older one, and `observedGeneration` says so: tools then wait.
 */
export function summariseStatus({ generation, spec, entries: given, previous, now }: StatusInput): ObjectStatus {
  const entries = [...given].sort((a, b) => (a.node < b.node ? -1 : 1)).slice(0, MAXIMUM_DIRECTORS);
  const observedGeneration = Math.min(generation, ...entries.map((entry) => entry.observedGeneration ?? generation));
  const conditions = CONDITION_TYPES.map((type): Condition => {
    const { status, reason, message } = entries.length === 0 ? withoutDirectors(type) : judge(type, entries);
    const before = previous.find((condition) => condition.type === type);
    const isSame = before?.status === status;
    return {
      type,
      status,
      observedGeneration,
      lastTransitionTime: isSame ? before.lastTransitionTime : timeText(now),
      reason,
      message,
    };
  });
  return {
    observedGeneration,
    conditions,
    ...(spec === undefined ? {} : { summary: summarise(spec, entries) }),
  };
}

/** Whether there is nothing to write. Conditions of other types are somebody else's. */
export function sameObjectStatus(seen: Partial<ObjectStatus>, status: ObjectStatus): boolean {
  return (
    seen.observedGeneration === status.observedGeneration &&
    sameSummary(seen.summary, status.summary) &&
    status.conditions.every((condition) => {
      const other = seen.conditions?.find(({ type }) => type === condition.type);
      return other !== undefined && sameCondition(other, condition);
    })
  );
}

interface Judgement {
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

function withoutDirectors(type: ConditionType): Judgement {
  const message = 'no director that runs has taken it up';
  return { status: type === 'Accepted' ? 'Unknown' : 'False', reason: 'NoDirectors', message };
}

const REASON_WHERE_TRUE: Readonly<Record<ConditionType, string>> = {
  Accepted: 'Accepted',
  Programmed: 'Programmed',
  Ready: 'Ready',
};

/** True where all say so; false where one says so. */
function judge(type: ConditionType, entries: readonly NodeEntry[]): Judgement {
  const verdictOf = ({ reason }: NodeEntry): ConditionStatus => verdictsOf(reason)[type];
  const not = entries.filter((entry) => verdictOf(entry) !== 'True');
  if (not.length === 0) {
    return { status: 'True', reason: REASON_WHERE_TRUE[type], message: `on ${countDirectors(entries.length)}` };
  }
  const status = not.some((entry) => verdictOf(entry) === 'False') ? 'False' : 'Unknown';
  const worst = [...not].sort((a, b) => seriousness(a.reason) - seriousness(b.reason));
  const isPartly = type === 'Programmed' && not.length < entries.length;
  return {
    status,
    reason: isPartly ? 'PartiallyProgrammed' : (worst[0]?.reason ?? 'Unknown'),
    message: describeEntries(worst, entries.length),
  };
}

/** What the directors say, and which ones say it. */
function describeEntries(entries: readonly NodeEntry[], total: number): string {
  const groups = new Map<string, string[]>();
  for (const { node, reason = 'Unknown', message = '' } of entries) {
    const text = message === '' ? reason : message;
    const nodes = groups.get(text);
    if (nodes === undefined) groups.set(text, [node]);
    else nodes.push(node);
  }
  return joinMessages(
    Array.from(
      groups,
      ([text, nodes]) => `on ${nodes.length} of ${countDirectors(total)} (${nameSome(nodes)}): ${text}`,
    ),
  );
}

function countDirectors(count: number): string {
  return count === 1 ? '1 director' : `${count} directors`;
}

function sameCondition(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration &&
    a.lastTransitionTime === b.lastTransitionTime
  );
}

function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
