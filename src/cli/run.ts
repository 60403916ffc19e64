import { CommanderError } from 'commander';
import type { CliContext, ExitCode } from './context.js';
import { createProgram } from './program.js';

/**
 * Runs one command line, without the program's name, to its end. All that a person can put right is printed; anything
 * else is a bug and rejects.
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
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
    return await reportError(error, context);
  } finally {
    await context.stdout.write(out);
    await context.stderr.write(err);
  }
}

async function reportError(error: unknown, context: CliContext): Promise<ExitCode> {
  const [{ describeError }, { createReporter }] = await Promise.all([
    import('./problems.js'),
    import('./output/reporter.js'),
  ]);
  const problem = describeError(error);
  if (problem === undefined) throw error;
  await createReporter(context).error(problem);
  return 1;
}
