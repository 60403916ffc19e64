import type { Issue } from '../../errors/index.js';
import type { TextSink } from '../text-sink.js';

/** The formats that programs read. */
export type StructuredFormat = 'json' | 'yaml';

/** What a command's report can be printed as; `table` is the form for people, whatever it looks like. */
export type ReportFormat = 'table' | StructuredFormat;

/** One value as a whole document. js-yaml is loaded only where YAML is asked for. */
export async function structuredText(value: unknown, format: StructuredFormat): Promise<string> {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  const { dump } = await import('js-yaml');
  return dump(value, { noRefs: true });
}

/** For programs, what is wrong with the inputs in place of the report; people have read it on stderr. */
export async function writeIssues(issues: readonly Issue[], format: ReportFormat, sink: TextSink): Promise<void> {
  if (format !== 'table') await sink.write(await structuredText({ issues }, format));
}

/** `{NAME: [items]}` in pieces, so that a large table is never one text in memory. */
export async function structuredList(
  name: string,
  items: readonly unknown[],
  format: StructuredFormat,
): Promise<Iterable<string>> {
  if (items.length === 0) return [format === 'json' ? `{\n  "${name}": []\n}\n` : `${name}: []\n`];
  if (format === 'json') return jsonList(name, items);
  const { dump } = await import('js-yaml');
  return yamlList(name, items, (item) => dump([item], { noRefs: true }));
}

function* jsonList(name: string, items: readonly unknown[]): Generator<string> {
  yield `{\n  "${name}": [`;
  for (const [i, item] of items.entries()) {
    yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(item, null, 2).replaceAll('\n', '\n    ')}`;
  }
  yield '\n  ]\n}\n';
}

function* yamlList(name: string, items: readonly unknown[], dumpOne: (item: unknown) => string): Generator<string> {
  yield `${name}:\n`;
  for (const item of items) yield dumpOne(item);
}
