#!/usr/bin/env node
/**
 * Floor 5. The command line: arguments, environment, signals and output, and (in app.ts) the wiring of everything below.
 * It decides nothing about IPVS: a command reads, calls and prints.
 */
import { createProcessContext } from './app.js';
import { runCli } from './run.js';

process.exitCode = await runCli(process.argv.slice(2), createProcessContext());
