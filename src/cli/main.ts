#!/usr/bin/env node
/**
 * Floor 5. The command line: arguments, environment, signals and output, and (in app.ts) the wiring of everything below.
 * It decides nothing about IPVS: a command reads, calls and prints.
 */
import { createProcessContext } from './app.js';
import { reportError, runCli } from './run.js';

const context = createProcessContext();
// What nobody waits for, such as a timer of `run`, fails in the same words as what a command does.
process.on('uncaughtException', (error) => {
  void reportError(error, context).finally(() => process.exit(1));
});
process.exitCode = await runCli(process.argv.slice(2), context);
