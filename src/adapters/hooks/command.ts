import type { Delivery } from './hook-queue.js';

const TIMEOUT_MILLISECONDS = 10_000;

type ProgramEnd =
  | { readonly kind: 'Exited'; readonly code: number; readonly lastLine: string }
  | { readonly kind: 'Signalled'; readonly signal: string }
  | { readonly kind: 'NotStarted'; readonly reason: string };

/** What runs the programs of this host. `end` is called once, and not after `stop`. */
export interface HookPrograms {
  run(
    request: {
      readonly name: string;
      readonly args: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      readonly text: string;
    },
    end: (end: ProgramEnd) => void,
  ): { stop(): void };
}

export interface HookCommandInput {
  readonly programs: HookPrograms;
  /** The program's path below the folder of programs. */
  readonly name: string;
  /** JSON, which it reads from its standard input. */
  readonly body: string;
  readonly signal: AbortSignal;
  readonly timeoutMilliseconds?: number;
}

/** Runs a program with events on its standard input. It is not tried again: it may have done half of its work. */
export function runHookCommand(input: HookCommandInput): Promise<Delivery> {
  const { programs, name, body, signal, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = input;
  return new Promise((resolve) => {
    const finish = (delivery: Delivery): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(delivery);
    };
    const program = programs.run({ name, args: [], environment: {}, text: `${body}\n` }, (end) => {
      const reason = reasonOf(end);
      finish(reason === undefined ? { kind: 'Delivered' } : failed(reason));
    });
    const giveUp = (): void => {
      program.stop();
      finish(failed(`it did not end within ${timeoutMilliseconds / 1000} s, and was killed`));
    };
    const timer = setTimeout(giveUp, timeoutMilliseconds);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

function failed(reason: string): Delivery {
  return { kind: 'Failed', reason, isWorthRetrying: false };
}

function reasonOf(end: ProgramEnd): string | undefined {
  switch (end.kind) {
    case 'Exited':
      if (end.code === 0) return undefined;
      return `it ends with exit code ${end.code}${end.lastLine === '' ? '' : `: ${end.lastLine}`}`;
    case 'Signalled':
      return `it was killed by ${end.signal}`;
    case 'NotStarted':
      return end.reason;
  }
}
