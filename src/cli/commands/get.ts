import { setTimeout as sleep } from 'node:timers/promises';
import type { CliContext, ExitCode } from '../context.js';
import { readFrame } from '../output/get-frame.js';
import type { FrameRequest, FrameTools } from '../output/get-frame.js';
import { counted } from '../output/numbers.js';
import { createReporter } from '../output/reporter.js';
import { writeAll } from '../text-sink.js';

export interface GetOptions extends FrameRequest {
  /** Absent: once. */
  readonly watchSeconds?: number;
}

/** Prints virtual services and real servers as the kernel has them. */
export async function runGet(options: GetOptions, context: CliContext): Promise<ExitCode> {
  const reporter = createReporter(context);
  const kernel = await context.openKernel();
  try {
    const tools = { kernel, reporter, openInventory: context.openInventory };
    if (options.watchSeconds === undefined) return await showOnce(options, context, tools);
    return await watch(options, options.watchSeconds, context, tools);
  } finally {
    reporter.clearProgress();
    await kernel.close();
  }
}

type Tools = Omit<FrameTools, 'readOptions'>;

async function showOnce(options: GetOptions, context: CliContext, tools: Tools): Promise<ExitCode> {
  const onProgress = (done: number): void => {
    tools.reporter.progress(`reading the kernel's table: ${counted(done, 'service')}`);
  };
  const { texts, unmatched, isEmpty } = await readFrame(options, { ...tools, readOptions: { onProgress } });
  tools.reporter.clearProgress();
  await writeAll(context.stdout, texts);
  for (const name of unmatched)
    await tools.reporter.error({ message: `no virtual service in the kernel matches ${name}` });
  if (unmatched.length > 0) return 1;
  if (isEmpty) await context.stderr.write('No virtual services in the kernel.\n');
  return 0;
}

const CLEAR_SCREEN = '\u001b[H\u001b[2J\u001b[3J';

/** Shows what is there again and again, until a signal comes or the reader goes. Names may match later: no error. */
async function watch(options: GetOptions, seconds: number, context: CliContext, tools: Tools): Promise<ExitCode> {
  const signal = context.interruption();
  const { stdout } = context;
  let separator = stdout.isTerminal ? CLEAR_SCREEN : '';
  try {
    while (stdout.isOpen) {
      const { texts } = await readFrame(options, { ...tools, readOptions: { signal } });
      // One text, so that a terminal never shows half a frame.
      await stdout.write([separator, ...texts].join(''));
      if (!stdout.isTerminal) separator = options.output === 'yaml' ? '---\n' : '\n';
      await sleep(seconds * 1000, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 0;
}
