import type { Command } from 'commander';
import type { CliContext, ExitCode } from '../context.js';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { readGrammar } from '../completion/grammar.js';
import { zshCompletion } from '../completion/zsh.js';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Prints a completion script, made from the definitions of the commands themselves. */
export async function runCompletion(
  shell: keyof typeof SCRIPTS,
  program: Command,
  context: CliContext,
): Promise<ExitCode> {
  await context.stdout.write(SCRIPTS[shell](readGrammar(program)));
  return 0;
}
