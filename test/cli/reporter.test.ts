import { expect, it } from 'vitest';
import type { CliContext } from '../../src/cli/context.js';
import { createReporter } from '../../src/cli/output/reporter.js';

function contextWith(options: { isTerminal: boolean; now: () => number }): {
  context: CliContext;
  stderr: () => string;
} {
  let written = '';
  const sink = {
    isTerminal: options.isTerminal,
    isOpen: true,
    write: (text: string) => {
      written += text;
      return Promise.resolve();
    },
  };
  const unused = (): never => {
    throw new Error('a reporter needs none of this');
  };
  const context: CliContext = {
    stdout: sink,
    stderr: sink,
    version: '',
    environment: {},
    nowMilliseconds: options.now,
    interruption: unused,
    onHangup: () => undefined,
    openKernel: unused,
    openInventory: unused,
    openSourceCache: unused,
    openHealthMemory: unused,
    lockTable: unused,
    readInputs: unused,
  };
  return { context, stderr: () => written };
}

it('progress is one line of a terminal, rewritten ten times a second after a moment, that gives way to errors', async () => {
  let now = 0;
  const { context, stderr } = contextWith({ isTerminal: true, now: () => now });
  const reporter = createReporter(context);
  for (now = 0; now < 650; now++) reporter.progress(`step ${now}`);
  await reporter.error({ message: 'broken', hint: 'mend it' });
  expect(stderr()).toBe('\r\u001b[Kstep 500\r\u001b[Kstep 600\r\u001b[K\u001b[31merror:\u001b[0m broken\n  mend it\n');
  expect(reporter.hasErrors).toBe(true);
});

it('progress is nothing where nobody watches', async () => {
  let now = 0;
  const { context, stderr } = contextWith({ isTerminal: false, now: () => (now += 1000) });
  const reporter = createReporter(context);
  reporter.progress('step');
  await reporter.warn('mind this');
  expect(stderr()).toBe('warning: mind this\n');
  expect(reporter.hasErrors).toBe(false);
});
