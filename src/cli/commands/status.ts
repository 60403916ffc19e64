import { join } from 'node:path';
import { askSocket } from '../../adapters/http/index.js';
import { UserError } from '../../errors/index.js';
import type { CliContext, ExitCode } from '../context.js';
import { CONTROL_SOCKET, STATUS_PATH } from '../controller/control.js';
import type { StatusReport } from '../controller/status-report.js';
import type { StateFlags } from '../options.js';
import { statusLines } from '../output/status-text.js';
import { structuredText } from '../output/structured.js';
import type { ReportFormat } from '../output/structured.js';

export interface StatusFlags extends StateFlags {
  readonly output: ReportFormat;
}

const ANSWER_MILLISECONDS = 10_000;

/** Prints what the running controller says of itself. */
export async function runStatus(flags: StatusFlags, context: CliContext): Promise<ExitCode> {
  const report = await askController(join(flags.stateDir, CONTROL_SOCKET));
  const text =
    flags.output === 'table'
      ? [...statusLines(report)].map((line) => `${line}\n`).join('')
      : await structuredText(report, flags.output);
  await context.stdout.write(text);
  return 0;
}

async function askController(socketPath: string): Promise<StatusReport> {
  const answer = await askSocket(socketPath, STATUS_PATH, ANSWER_MILLISECONDS);
  switch (answer.kind) {
    case 'Nobody':
      throw new UserError(`no controller runs here: nobody answers on ${socketPath}`, {
        hint: 'start one with `ipvs-operator run -f FOLDER`, or name its --state-dir; `ipvs-operator get` shows the kernel',
      });
    case 'Failure':
      throw new UserError(`cannot ask the controller on ${socketPath}: ${answer.reason}`, {
        hint: answer.reason === 'permission denied' ? 'run as the user that the controller runs as' : 'try again',
      });
    case 'Answer':
      if (answer.status !== 200) throw new UserError(`the controller on ${socketPath} answers with ${answer.status}`);
      return JSON.parse(answer.body) as StatusReport;
  }
}
