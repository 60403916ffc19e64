import { formatPlan, planHasChanges, planToJson } from '../../plan/index.js';
import type { CliContext, ExitCode } from '../context.js';
import type { ChangeFlags } from '../options.js';
import { createReporter } from '../output/reporter.js';
import { reportIssues, reportNotices } from '../output/round-problems.js';
import { structuredText, writeIssues } from '../output/structured.js';
import type { ReportFormat } from '../output/structured.js';
import { usesColor } from '../output/style.js';
import { runRound } from '../round.js';
import { writeAll } from '../text-sink.js';

export interface PlanFlags extends ChangeFlags {
  readonly output: ReportFormat;
  readonly detailedExitCode: boolean;
}

/** Prints what `apply` would do with the same flags. It takes no lock: reading disturbs nobody. */
export async function runPlan(flags: PlanFlags, context: CliContext): Promise<ExitCode> {
  const reporter = createReporter(context);
  const outcome = await runRound({ flags, dryRun: true }, context, reporter);
  if (outcome.kind === 'Refused') {
    await reportIssues(outcome.issues, 'there is no plan', reporter);
    await writeIssues(outcome.issues, flags.output, context.stdout);
    return 1;
  }
  const { plan } = outcome.report;
  await reportNotices(outcome.notices, reporter);
  if (flags.output === 'table') {
    await writeAll(context.stdout, lines(formatPlan(plan, { color: usesColor(context, context.stdout) })));
  } else {
    await context.stdout.write(await structuredText(planToJson(plan), flags.output));
  }
  if (plan.problems.length > 0) return 1;
  return flags.detailedExitCode && planHasChanges(plan) ? 2 : 0;
}

function* lines(texts: Iterable<string>): Generator<string> {
  for (const text of texts) yield `${text}\n`;
}
