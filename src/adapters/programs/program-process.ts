import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Account } from './account.js';
import { LastLine } from './last-line.js';

export type ProcessEnd =
  | { readonly kind: 'Exited'; readonly code: number; readonly lastLine: string }
  | { readonly kind: 'Signalled'; readonly signal: string; readonly lastLine: string }
  /** It did not come to run. */
  | { readonly kind: 'NotStarted'; readonly reason: string };

export interface ProcessInput {
  readonly path: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What it reads from its standard input; empty: nothing. */
  readonly text: string;
  readonly account: Account;
}

const PATH = '/usr/local/bin:/usr/bin:/bin';
/** What a program wrote last may still be on its way when it has ended. */
const OUTPUT_MILLISECONDS = 100;

/**
 * Starts a program in a process group of its own, without supplementary groups. `end` is called once, never during the
 * call, unless it is killed before. What it left running in its group ends with it; what has gone into a session of its
 * own is out of reach.
 *
 * @returns what kills it and all of its group
 */
export function startProcess(input: ProcessInput, end: (end: ProcessEnd) => void): () => void {
  const { path, args, environment, text, account } = input;
  let child: ChildProcess;
  try {
    // Where Node changes the user, it drops the supplementary groups, and the kernel the capabilities.
    child = spawn(path, args, {
      cwd: '/',
      env: { PATH, ...environment },
      uid: account.uid,
      gid: account.gid,
      detached: true,
      stdio: [text === '' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    // A NUL in an argument, for one.
    const reason = error instanceof Error ? error.message : String(error);
    setImmediate(end, { kind: 'NotStarted', reason } satisfies ProcessEnd);
    return () => undefined;
  }
  return follow(child, input, end);
}

function follow(child: ChildProcess, { text, account }: ProcessInput, end: (end: ProcessEnd) => void): () => void {
  const lastLine = new LastLine();
  let isOver = false;
  const release = (): void => {
    isOver = true;
    killGroup(child);
    for (const stream of streamsOf(child)) stream?.destroy();
  };
  const finish = (result: ProcessEnd): void => {
    if (isOver) return;
    release();
    end(result);
  };
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8');
    output?.on('data', (chunk: string) => {
      lastLine.take(chunk);
    });
  }
  // One that does not read what it is told may do so.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(text);
  child.on('error', (error: NodeJS.ErrnoException) => {
    finish({ kind: 'NotStarted', reason: reasonOf(error, account) });
  });
  child.on('exit', (code, signal) => {
    if (isOver) return;
    const settle = (): void => {
      const common = { lastLine: lastLine.text };
      finish(
        code === null
          ? { kind: 'Signalled', signal: signal ?? 'a signal', ...common }
          : { kind: 'Exited', code, ...common },
      );
    };
    // Whatever it left behind holds its outputs open.
    killGroup(child);
    child.once('close', settle);
    setTimeout(settle, OUTPUT_MILLISECONDS).unref();
  });
  return release;
}

/** There are none, whatever the types say, where this host had no files left for them. */
function streamsOf({ stdio }: Partial<Pick<ChildProcess, 'stdio'>>): Readonly<ChildProcess['stdio']> | readonly [] {
  return stdio ?? [];
}

/** Nobody of the group may be left, which is as good. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException, { name }: Account): string {
  switch (code) {
    case 'EACCES':
      return `the user ${name} may not run it, or not reach its folder`;
    case 'ENOENT':
      return 'it, or what its first line names, is not there';
    default:
      return message;
  }
}
