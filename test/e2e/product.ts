import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from './process.js';
import type { Outcome, Running, RunOptions } from './process.js';

/** The program as users start it: `npm run build` made it. */
export const PROGRAM = fileURLToPath(new URL('../../dist/command/main.js', import.meta.url));

/** A user's folder: YAML files, and the program's state below `state`. */
export interface Workplace {
  readonly folder: string;
  readonly stateDirectory: string;
  /** Runs `ipvs-operator ARGUMENTS` in the folder, with the state kept there. */
  operator(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** The same for a program that shall not run to its end. */
  startOperator(args: readonly string[], options?: RunOptions): Running;
  write(file: string, text: string): Promise<void>;
  /** Applies this text as `declared.yaml`. It must be applied completely; returns what was printed. */
  apply(yaml: string, ...flags: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

const COMMANDS_WITH_STATE = new Set(['plan', 'apply', 'get', 'run', 'status', 'drain', 'undrain']);

export async function openWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'ipvs-operator-e2e-'));
  const stateDirectory = join(folder, 'state');
  const startOperator: Workplace['startOperator'] = (args, options) => {
    const state = COMMANDS_WITH_STATE.has(args[0] ?? '') ? ['--state-dir', stateDirectory] : [];
    const data = args[0] === 'run' ? ['--data-dir', join(folder, 'data')] : [];
    return start([process.execPath, PROGRAM, ...args, ...state, ...data], { cwd: folder, ...options });
  };
  const operator: Workplace['operator'] = (args, options) => startOperator(args, options).outcome;
  const write: Workplace['write'] = (file, text) => writeFile(join(folder, file), text);
  return {
    folder,
    stateDirectory,
    operator,
    startOperator,
    write,
    async apply(yaml, ...flags) {
      await write('declared.yaml', yaml);
      const { status, stdout, stderr } = await operator(['apply', '-f', 'declared.yaml', ...flags]);
      if (status !== 0) throw new Error(`apply ended with ${String(status)}:\n${stdout}${stderr}`);
      return stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
