import type { CliContext } from '../context.js';
import type { Problem } from '../problems.js';
import { colored, usesColor } from './style.js';

/** What a command says besides its result, all on stderr. */
export interface Reporter {
  error(problem: Problem): Promise<void>;
  warn(message: string): Promise<void>;
  /** A plain line. */
  note(message: string): Promise<void>;
  /** One rewritten line on a terminal; nothing elsewhere. Whatever else is said takes its place. */
  progress(text: string): void;
  clearProgress(): void;
  /** Whether anything was reported as an error. */
  readonly hasErrors: boolean;
}

/** What is done sooner needs no progress. */
const PROGRESS_DELAY_MILLISECONDS = 500;
const PROGRESS_INTERVAL_MILLISECONDS = 100;
const CLEAR_LINE = '\r\u001b[K';

export function createReporter(context: CliContext): Reporter {
  const { stderr } = context;
  const color = usesColor(context, stderr);
  let hasErrors = false;
  let progressShown = false;
  let nextProgressAt = context.nowMilliseconds() + PROGRESS_DELAY_MILLISECONDS;

  const clearProgress = (): void => {
    if (progressShown) void stderr.write(CLEAR_LINE);
    progressShown = false;
  };

  return {
    get hasErrors() {
      return hasErrors;
    },
    async error({ message, hint }) {
      hasErrors = true;
      clearProgress();
      const hintLine = hint === undefined ? '' : `  ${hint}\n`;
      await stderr.write(`${colored('error:', 'red', color)} ${message}\n${hintLine}`);
    },
    async warn(message) {
      clearProgress();
      await stderr.write(`${colored('warning:', 'yellow', color)} ${message}\n`);
    },
    async note(message) {
      clearProgress();
      await stderr.write(`${message}\n`);
    },
    progress(text) {
      if (!stderr.isTerminal || context.nowMilliseconds() < nextProgressAt) return;
      nextProgressAt = context.nowMilliseconds() + PROGRESS_INTERVAL_MILLISECONDS;
      progressShown = true;
      void stderr.write(`${CLEAR_LINE}${text}`);
    },
    clearProgress,
  };
}
