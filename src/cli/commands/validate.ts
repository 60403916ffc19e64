import type { CliContext, ExitCode } from '../context.js';
import { loadInputs } from '../inputs.js';
import type { FileFlags, NodeFlags } from '../options.js';
import { counted } from '../output/numbers.js';
import { structuredText } from '../output/structured.js';
import type { ReportFormat } from '../output/structured.js';
import { issueLine } from '../problems.js';
import { writeAll } from '../text-sink.js';

export interface ValidateFlags extends FileFlags, NodeFlags {
  readonly output: ReportFormat;
}

/** Checks files, all faults of all of them. The faults are this command's result, so they go to stdout in every format. */
export async function runValidate(flags: ValidateFlags, context: CliContext): Promise<ExitCode> {
  const inputs = await loadInputs(flags, context);
  const issues = inputs.kind === 'Broken' ? inputs.issues : [];
  if (flags.output !== 'table') {
    const counts = inputs.kind === 'Broken' ? {} : { objects: inputs.objectCount };
    const value = { valid: issues.length === 0, ...counts, files: inputs.fileCount, issues };
    await context.stdout.write(await structuredText(value, flags.output));
  } else if (inputs.kind === 'Broken') {
    await writeAll(
      context.stdout,
      issues.map((issue) => `${issueLine(issue)}\n`),
    );
    await context.stderr.write(`${counted(issues.length, 'fault')} in ${counted(inputs.fileCount, 'file')}\n`);
  } else {
    const verb = inputs.objectCount === 1 ? 'is' : 'are';
    await context.stdout.write(
      `${counted(inputs.objectCount, 'object')} in ${counted(inputs.fileCount, 'file')} ${verb} valid\n`,
    );
  }
  return issues.length > 0 ? 1 : 0;
}
