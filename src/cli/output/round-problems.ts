import type { Issue } from '../../errors/index.js';
import type { Notice } from '../../desired/index.js';
import type { PlanProblem } from '../../plan/index.js';
import { formatPlanProblem } from '../../plan/index.js';
import type { ConvergeReport, Failure } from '../../reconcile/index.js';
import { describeFailure, issueLine } from '../problems.js';
import { counted } from './numbers.js';
import type { Reporter } from './reporter.js';

const NAMED_KEYS = 10;

/** What is wrong with the inputs, each fault on a line of its own as compilers have it, and what follows from it. */
export async function reportIssues(issues: readonly Issue[], consequence: string, reporter: Reporter): Promise<void> {
  for (const issue of issues) await reporter.note(issueLine(issue));
  await reporter.error({ message: `${counted(issues.length, 'fault')} in the input: ${consequence}` });
}

export async function reportNotices(notices: readonly Notice[], reporter: Reporter): Promise<void> {
  for (const notice of notices) await reporter.warn(notice.message);
}

/** Everything that keeps the kernel from being as declared. */
export async function reportShortcomings(report: ConvergeReport, reporter: Reporter): Promise<void> {
  for (const problem of report.problems) await reportPlanProblem(problem, reporter);
  for (const [message, failures] of groupFailures(report.failures)) {
    const [first] = failures;
    if (first === undefined) continue;
    const { hint } = describeFailure(first.change.operation, first.error);
    await reporter.error(hint === undefined ? { message } : { message, hint });
  }
  if (report.skipped.length > 0) {
    await reporter.note(`${counted(report.skipped.length, 'operation')} not tried, because of these errors`);
  }
  if (report.cancelled > 0) {
    await reporter.error({
      message: `interrupted: ${counted(report.cancelled, 'operation')} not tried`,
      hint: 'the next apply goes on from here',
    });
  }
}

async function reportPlanProblem(problem: PlanProblem, reporter: Reporter): Promise<void> {
  const message = formatPlanProblem(problem);
  if (!('keys' in problem)) {
    await reporter.error({ message });
    return;
  }
  const more = problem.keys.length > NAMED_KEYS ? `, and ${problem.keys.length - NAMED_KEYS} more` : '';
  await reporter.error({ message, hint: `${problem.keys.slice(0, NAMED_KEYS).join(', ')}${more}` });
}

/** By message, so that one cause is told once for each object and not for each of its services. */
function groupFailures(failures: readonly Failure[]): ReadonlyMap<string, readonly Failure[]> {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const message = failureMessage(failure);
    const group = groups.get(message);
    if (group === undefined) groups.set(message, [failure]);
    else group.push(failure);
  }
  return groups;
}

function failureMessage({ change, error }: Failure): string {
  const { message } = describeFailure(change.operation, error);
  return change.object === undefined ? message : `${change.object}: ${message}`;
}
