import { describeOperation } from '../../model/index.js';
import type { WantedState } from '../../model/index.js';
import { formatPlanProblem } from '../../plan/index.js';
import type { ConvergeReport } from '../../reconcile/index.js';
import type { CliContext, ExitCode } from '../context.js';
import { heldError } from '../held-table.js';
import { resourceName } from '../names.js';
import type { ChangeFlags } from '../options.js';
import { counted, durationText } from '../output/numbers.js';
import { listOutcomes, listUnnamedRemovals } from '../output/outcomes.js';
import { createReporter } from '../output/reporter.js';
import type { Reporter } from '../output/reporter.js';
import { reportIssues, reportNotices, reportShortcomings } from '../output/round-problems.js';
import { structuredText, writeIssues } from '../output/structured.js';
import type { ReportFormat } from '../output/structured.js';
import { describeFailure } from '../problems.js';
import { runRound } from '../round.js';
import { writeAll } from '../text-sink.js';

export interface ApplyFlags extends ChangeFlags {
  readonly output: ReportFormat;
  readonly dryRun: boolean;
}

/** Makes the kernel equal to what the files declare, once. */
export async function runApply(flags: ApplyFlags, context: CliContext): Promise<ExitCode> {
  const reporter = createReporter(context);
  const signal = context.interruption();
  try {
    return await (flags.dryRun ? applyFiles : applyUnderLock)(flags, signal, context, reporter);
  } catch (error) {
    if (error !== signal.reason) throw error;
    await reporter.error({ message: 'interrupted: nothing was written' });
    return 1;
  }
}

type Step = (flags: ApplyFlags, signal: AbortSignal, context: CliContext, reporter: Reporter) => Promise<ExitCode>;

const applyUnderLock: Step = async (flags, signal, context, reporter) => {
  const outcome = await context.lockTable('apply');
  if (outcome.kind === 'Held') throw heldError(outcome.holder);
  try {
    return await applyFiles(flags, signal, context, reporter);
  } finally {
    await outcome.lock.release();
  }
};

const applyFiles: Step = async (flags, signal, context, reporter) => {
  const outcome = await runRound({ flags, dryRun: flags.dryRun, signal }, context, reporter);
  if (outcome.kind === 'Refused') {
    await reportIssues(outcome.issues, 'nothing was written', reporter);
    await writeIssues(outcome.issues, flags.output, context.stdout);
    return 1;
  }
  const { wanted, report, notices } = outcome;
  await reportNotices(notices, reporter);
  const text =
    flags.output === 'table' ? outcomeLines(wanted, report, flags.dryRun) : await reportText(flags, wanted, report);
  await writeAll(context.stdout, text);
  await reportShortcomings(report, reporter);
  return reporter.hasErrors ? 1 : 0;
};

function* outcomeLines(wanted: WantedState, report: ConvergeReport, dryRun: boolean): Generator<string> {
  const suffix = dryRun ? ' (dry run)' : '';
  for (const { object, outcome } of listOutcomes(wanted, report, dryRun)) {
    yield `${resourceName(object)} ${outcome}${suffix}\n`;
  }
  for (const key of listUnnamedRemovals(report, dryRun)) yield `${key} removed, declared nowhere${suffix}\n`;
  yield `${closingLine(report, dryRun)}\n`;
}

function closingLine(report: ConvergeReport, dryRun: boolean): string {
  if (dryRun) return `${counted(report.plan.changes.length, 'operation')} to do (dry run)`;
  const parts = [
    `${counted(report.done.length, 'operation')} in ${durationText(report.durations.applyMilliseconds)}`,
    ...(report.failures.length > 0 ? [`${report.failures.length} failed`] : []),
    ...(report.skipped.length > 0 ? [`${report.skipped.length} skipped`] : []),
    ...(report.cancelled > 0 ? [`${report.cancelled} cancelled`] : []),
  ];
  return parts.join(', ');
}

async function reportText(
  { output, dryRun }: ApplyFlags,
  wanted: WantedState,
  report: ConvergeReport,
): Promise<readonly string[]> {
  const value = {
    dryRun,
    objects: listOutcomes(wanted, report, dryRun),
    operations: dryRun ? report.plan.changes.length : report.done.length,
    failures: report.failures.map(({ change, error }) => ({
      object: change.object ?? null,
      operation: describeOperation(change.operation),
      code: error.code,
      ...describeFailure(change.operation, error),
    })),
    skipped: report.skipped.map(({ change, cause }) => ({
      object: change.object ?? null,
      operation: describeOperation(change.operation),
      cause: cause.message,
    })),
    cancelled: report.cancelled,
    problems: report.problems.map((problem) => ({ ...problem, message: formatPlanProblem(problem) })),
    durations: report.durations,
  };
  return [await structuredText(value, output === 'yaml' ? 'yaml' : 'json')];
}
