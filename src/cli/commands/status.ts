import { join } from 'node:path';
import type { CliContext, ExitCode } from '../context.js';
import { askController } from '../controller/control.js';
import { CONTROL_SOCKET, STATUS_PATH } from '../controller/control-paths.js';
import type { StatusReport } from '../controller/status-report.js';
import type { StateFlags } from '../options.js';
import { statusLines } from '../output/status-text.js';
import { structuredText } from '../output/structured.js';
import type { ReportFormat } from '../output/structured.js';

export interface StatusFlags extends StateFlags {
  readonly output: ReportFormat;
}

/** Prints what the running controller says of itself. */
export async function runStatus(flags: StatusFlags, context: CliContext): Promise<ExitCode> {
  const report = (await askController(join(flags.stateDir, CONTROL_SOCKET), STATUS_PATH)) as StatusReport;
  const text =
    flags.output === 'table'
      ? [...statusLines(report)].map((line) => `${line}\n`).join('')
      : await structuredText(report, flags.output);
  await context.stdout.write(text);
  return 0;
}
