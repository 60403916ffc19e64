import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import type { CliContext, ExitCode } from './context.js';
import { createProgram } from './program.js';

/**
 * Runs one command line, without the program's name, to its end. Whatever goes wrong is printed, in a few words.
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    return await runProgram(args, context);
  } catch (error) {
    return reportError(error, context);
  }
}

async function runProgram(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let [out, err] = ['', ''];
  const program = createProgram(context, {
    writeOut: (text) => (out += text),
    writeErr: (text) => (err += text),
  });
  try {
    await program.command.parseAsync(args, { from: 'user' });
    return program.exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  } finally {
    await context.stdout.write(out);
    await context.stderr.write(err);
  }
}

/** Says what went wrong: of a bug its message alone, where nobody asked for more. */
export async function reportError(error: unknown, context: CliContext): Promise<ExitCode> {
  const [{ DEBUG_VARIABLE, describeError, isInternalError }, { createReporter }] = await Promise.all([
    import('./problems.js'),
    import('./output/reporter.js'),
  ]);
  const reporter = createReporter(context);
  await reporter.error(describeError(error));
  // The stack, and the errors that it came from.
  if (isInternalError(error) && context.environment[DEBUG_VARIABLE] === '1') await reporter.note(inspect(error));
  return 1;
}
