import { renderDocuments } from '../../desired/index.js';
import type { RenderedDocuments, Unsayable } from '../../desired/index.js';
import type { CliContext, ExitCode } from '../context.js';
import { counted } from '../output/numbers.js';
import { createReporter } from '../output/reporter.js';
import type { Reporter } from '../output/reporter.js';
import { structuredText } from '../output/structured.js';

export interface ExportFlags {
  readonly output: 'yaml' | 'json';
}

/**
 * Prints the kernel's table, and what of its timeouts and daemons is not the default, as documents that `apply --adopt`
 * takes. What they cannot say is named, and makes the exit code 1, because the documents are then not the whole table.
 */
export async function runExport(flags: ExportFlags, context: CliContext): Promise<ExitCode> {
  const reporter = createReporter(context);
  const { text, unsayable } = await readDocumentsOfKernel(context, reporter);
  await context.stdout.write(flags.output === 'yaml' ? text : await listText(text));
  for (const each of unsayable) await reporter.error({ message: unsayableMessage(each) });
  return reporter.hasErrors ? 1 : 0;
}

async function readDocumentsOfKernel(context: CliContext, reporter: Reporter): Promise<RenderedDocuments> {
  const kernel = await context.openKernel();
  try {
    const onProgress = (done: number): void => {
      reporter.progress(`reading the kernel's table: ${counted(done, 'service')}`);
    };
    const table = await kernel.readTable({ onProgress });
    const [timeouts, daemons] = [await kernel.readTimeouts(), await kernel.readDaemons()];
    return renderDocuments(table, { timeouts, daemons });
  } finally {
    reporter.clearProgress();
    await kernel.close();
  }
}

function unsayableMessage({ key, reasons }: Unsayable): string {
  const said = `YAML cannot say ${reasons.join('; ')}`;
  return key === undefined ? said : `${key} is not in the output: ${said}`;
}

/** The same documents as one List, the form in which JSON has many objects. */
async function listText(yaml: string): Promise<string> {
  const { loadAll } = await import('js-yaml');
  return structuredText({ apiVersion: 'v1', kind: 'List', items: loadAll(yaml) }, 'json');
}
