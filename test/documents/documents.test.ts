import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '../../src/desired/index.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [...filesOf('.', '.md', false), ...filesOf('docs', '.md', true)];

/** Paths of a folder's files with this ending, from the root. */
function filesOf(folder: string, ending: string, recursive: boolean): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { encoding: 'utf8', recursive });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The links of a page to other files of the project and to headings. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/^```.*?^```/gms, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ +(.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(headings.map((heading) => anchorOf(heading)));
}

/** As the usual renderers make it. */
function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '');
  return words.replaceAll(' ', '-');
}

function isDeadLink(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && !anchorsOf(textOf(target)).has(anchor);
}

/** The blocks of YAML that declare something, so not the fragments. */
function declarationsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map((match) => match[1] ?? '');
  return blocks.filter((block) => block.includes('apiVersion: ipvs-operator.io/'));
}

/** The programs that a page shows, each behind a comment that names the file. */
function programsOf(text: string): readonly (readonly [file: string, program: string])[] {
  const blocks = text.matchAll(/^<!-- (\S+\.ts) -->\n\n```ts\n(.*?)^```/gms);
  return [...blocks].map((match) => [match[1] ?? '', match[2] ?? ''] as const);
}

describe.each(PAGES)('%s', (page) => {
  it('links to what exists', () => {
    expect(linksOf(textOf(page)).filter((link) => isDeadLink(page, link))).toEqual([]);
  });

  it('shows programs as they are', () => {
    for (const [file, program] of programsOf(textOf(page))) expect(program).toBe(textOf(file));
  });

  it('declares what would be accepted', async () => {
    for (const [index, text] of declarationsOf(textOf(page)).entries()) {
      const { issues } = await readDocuments(`${page}, declaration ${index + 1}`, text);
      expect(issues).toEqual([]);
    }
  });
});

describe.each(filesOf('examples', '.yaml', true))('%s', (example) => {
  it('would be accepted', async () => {
    const { documents, issues } = await readDocuments(example, textOf(example));
    expect(issues).toEqual([]);
    expect(documents).not.toEqual([]);
  });
});
