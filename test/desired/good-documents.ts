import { loadAll } from 'js-yaml';
import { readdirSync, readFileSync } from 'node:fs';

export interface GoodDocument {
  readonly kind: 'VirtualService' | 'Director';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** All documents of the examples, the samples and the corpus: they use every field of the schema. */
export const GOOD_DOCUMENTS: readonly GoodDocument[] = ['../../examples/', '../../deploy/samples/', 'corpus/'].flatMap(
  (folder) => documentsBelow(new URL(folder, import.meta.url)),
);

function documentsBelow(folder: URL): readonly GoodDocument[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => loadAll(readFileSync(new URL(name, folder), 'utf8')) as GoodDocument[]);
}
