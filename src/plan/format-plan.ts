import { realServerKeyText } from '../model/index.js';
import { countPlan, planHasChanges } from './count.js';
import {
  daemonParts,
  listDifferences,
  listParts,
  listSetParts,
  serverParts,
  serviceParts,
  timeoutParts,
} from './describe-state.js';
import { groupChanges } from './group-changes.js';
import type { SubjectChanges } from './group-changes.js';
import { formatPlanCounts, formatPlanProblem, quantity } from './plan-sentences.js';
import type { Adoption, Change, Plan } from './plan.js';

export interface FormatOptions {
  /** Whether to use ANSI colours. */
  readonly color?: boolean;
}

/** What happens to a thing: it comes, changes, goes, only gets another owner, or stays and only its parts change. */
type Sign = '+' | '~' | '-' | '>' | ' ';

const COLORS: Readonly<Record<Sign | '!' | 'heading', string>> = {
  '+': '32',
  '~': '33',
  '-': '31',
  '>': '36',
  '!': '31',
  ' ': '0',
  heading: '1',
};

type Paint = (color: keyof typeof COLORS, text: string) => string;

/**
 * The plan as lines without line breaks: the changes by object and service, what stays although nobody declares it,
 * the problems, and the counts in the last line.
 */
export function* formatPlan(plan: Plan, options: FormatOptions = {}): Generator<string> {
  const paint: Paint =
    options.color === true ? (color, text) => `\u001b[${COLORS[color]}m${text}\u001b[0m` : (_, text) => text;
  for (const [object, subjects] of groupChanges(plan)) {
    yield paint('heading', object ?? 'Declared nowhere, within the exclusive claims');
    for (const [subject, changes] of subjects) yield* formatSubject(subject, changes, paint);
    yield '';
  }
  yield* formatOrphans(plan);
  for (const problem of plan.problems) {
    yield `${paint('!', '!')} ${formatPlanProblem(problem)}`;
    if ('keys' in problem) for (const key of problem.keys) yield `    ${key}`;
  }
  if (plan.problems.length > 0) yield '';
  yield closingLine(plan);
}

function closingLine(plan: Plan): string {
  if (planHasChanges(plan)) return `Plan: ${formatPlanCounts(countPlan(plan))}.`;
  if (plan.problems.length > 0) return 'No changes, apart from what the problems above hold back.';
  return 'No changes. The kernel matches what is declared.';
}

function* formatOrphans({ orphans }: Plan): Generator<string> {
  if (orphans.length === 0) return;
  yield `Not declared any more, and left as they are (--prune removes them):`;
  for (const { key, object } of orphans) yield `    ${key}  ${object}`;
  yield '';
}

function* formatSubject(subject: string, changes: SubjectChanges, paint: Paint): Generator<string> {
  const [sign, detail] = describeOwn(changes);
  const adoption = changes.adoption === undefined ? undefined : `(${adoptionText(changes.adoption)})`;
  const text = [subject, detail, adoption].filter((part) => part !== undefined && part !== '').join('  ');
  yield `  ${paint(sign, sign)} ${text}`;
  for (const change of changes.servers) {
    const [serverSign, server] = describeServer(change);
    yield `      ${paint(serverSign, serverSign)} ${server}`;
  }
}

function adoptionText({ object, from }: Adoption): string {
  if (from === undefined) return 'adopted';
  return from.object === object ? `from set ${from.set}` : `from ${from.object}`;
}

function describeOwn({ own, adoption }: SubjectChanges): readonly [Sign, string] {
  const [first, second] = own;
  if (first === undefined) return [adoption === undefined ? ' ' : '>', ''];
  const { operation, before } = first;
  switch (operation.kind) {
    case 'AddService':
      return ['+', listParts(serviceParts(operation.settings))];
    case 'EditService':
      return [
        '~',
        before?.settings ? listDifferences(serviceParts(before.settings), serviceParts(operation.settings)) : '',
      ];
    case 'DeleteService':
      return ['-', before?.serverCount ? `with ${quantity(before.serverCount, 'real server')}` : ''];
    case 'SetTimeouts':
      return [
        '~',
        before?.timeouts ? listSetParts(timeoutParts(before.timeouts), timeoutParts(operation.timeouts)) : '',
      ];
    case 'SetSysctl':
      return ['~', `${before?.sysctl ?? ''} -> ${operation.value}`];
    case 'StartDaemon':
      return ['+', listParts(daemonParts(operation.daemon))];
    case 'StopDaemon':
      return second?.operation.kind === 'StartDaemon' && before?.daemon
        ? [
            '~',
            `${listSetParts(daemonParts(before.daemon), daemonParts(second.operation.daemon))}  (stops and starts again)`,
          ]
        : ['-', before?.daemon ? listParts(daemonParts(before.daemon)) : ''];
    case 'AddServer':
    case 'EditServer':
    case 'DeleteServer':
    case 'ZeroStatistics':
    case 'Flush':
      return [' ', ''];
  }
}

function describeServer({ operation, before }: Change): readonly [Sign, string] {
  switch (operation.kind) {
    case 'AddServer':
      return ['+', `${realServerKeyText(operation.server)}  ${listParts(serverParts(operation.server))}`];
    case 'EditServer': {
      const differences = before?.server
        ? listDifferences(serverParts(before.server), serverParts(operation.server))
        : '';
      return ['~', `${realServerKeyText(operation.server)}  ${differences}`];
    }
    case 'DeleteServer':
      return ['-', realServerKeyText(operation.server)];
    default:
      return [' ', ''];
  }
}
