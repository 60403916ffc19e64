import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Running other programs, inside this process's network namespace or a named one. */

export interface Outcome {
  /** The exit status; `null` where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** A name of `ip netns`; absent for this process's own network namespace. */
  readonly namespace?: string;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** 180 s. A program that runs longer is killed, which shows as status `null`. */
  readonly timeoutSeconds?: number;
}

export interface Running {
  /** `undefined` where it could not be started. */
  readonly pid: number | undefined;
  readonly outcome: Promise<Outcome>;
  /** With SIGKILL where nothing else is said. */
  kill(signal?: NodeJS.Signals): void;
}

/** The command line that runs a command inside a namespace, in the very process that was started. */
export function inNamespace(namespace: string | undefined, command: readonly string[]): readonly string[] {
  return namespace === undefined ? command : ['ip', 'netns', 'exec', namespace, ...command];
}

export function start(command: readonly string[], options: RunOptions = {}): Running {
  const [file = '', ...args] = inNamespace(options.namespace, command);
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: (options.timeoutSeconds ?? 180) * 1000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that ends without reading its input is no fault of the test.
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  const outcome = once(child, 'close').then(([status]) => ({ status: status as number | null, stdout, stderr }));
  return { pid: child.pid, outcome, kill: (signal = 'SIGKILL') => child.kill(signal) };
}

/** Runs a program to its end, whatever its status. Rejects only where it cannot be started. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return start(command, options).outcome;
}

/** Runs a program that must succeed, and returns what it printed. */
export async function runWell(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await run(command, options);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${String(status)}:\n${stdout}${stderr}`);
  return stdout;
}
