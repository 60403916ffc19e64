import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAXIMUM_INPUT_BYTES, readInputs } from '../../../src/adapters/files/index.js';
import type { ReadInputsOptions } from '../../../src/adapters/files/index.js';
import { permissionsHold } from './permissions.js';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inputs-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Each input as `file: text` or `file! message`, files relative to the folder. */
async function read(paths: readonly string[], options: Partial<ReadInputsOptions> = {}): Promise<readonly string[]> {
  const results: string[] = [];
  const absolute = paths.map((path) => (path === '-' ? path : join(folder, path)));
  const name = (file: string): string => (file.startsWith('/') ? relative(folder, file) : file);
  for await (const result of readInputs(absolute, { stdin: Readable.from([]), ...options })) {
    if (result.kind === 'Text') results.push(`${name(result.file)}: ${result.text}`);
    else results.push(`${name(result.issue.location?.file ?? '')}! ${result.issue.message}`);
  }
  return results;
}

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), content);
  }
}

describe('reads', () => {
  test('files in the order in which they are named, whatever they are called', async () => {
    await write({ 'b.txt': 'b', a: 'a' });
    expect(await read(['b.txt', 'a'])).toEqual(['b.txt: b', 'a: a']);
  });

  test("a folder's documents by name, and nothing else in it", async () => {
    await write({
      'd/b.yml': 'b',
      'd/a.yaml': 'a',
      'd/c.json': 'c',
      'd/README.md': '',
      'd/.a.yaml.swp': '',
      'd/.b.yaml': '',
    });
    await write({ 'd/below/e.yaml': 'e' });
    expect(await read(['d'])).toEqual(['d/a.yaml: a', 'd/b.yml: b', 'd/c.json: c']);
  });

  test('folders inside folders where that is asked for', async () => {
    await write({ 'd/b/c.yaml': 'c', 'd/a.yaml': 'a', 'd/.git/x.yaml': 'x' });
    expect(await read(['d'], { recursive: true })).toEqual(['d/a.yaml: a', 'd/b/c.yaml: c']);
  });

  test('a mounted ConfigMap: visible links into a hidden folder', async () => {
    await write({ 'd/..2026/a.yaml': 'a', 'd/..2026/b.yaml': 'b' });
    await symlink('..2026', join(folder, 'd/..data'));
    for (const file of ['a.yaml', 'b.yaml']) await symlink(`..data/${file}`, join(folder, 'd', file));
    expect(await read(['d'])).toEqual(['d/a.yaml: a', 'd/b.yaml: b']);
  });

  test('each file once, under whatever names it is given', async () => {
    await write({ 'd/a.yaml': 'a' });
    await symlink('a.yaml', join(folder, 'd/b.yaml'));
    expect(await read(['d/a.yaml', 'd', 'd/a.yaml'])).toEqual(['d/a.yaml: a']);
  });

  test('standard input at its place, with characters split between chunks', async () => {
    await write({ a: 'a', b: 'b' });
    const bytes = Buffer.from('grüße');
    const stdin = Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]);
    expect(await read(['a', '-', 'b'], { stdin })).toEqual(['a: a', '<stdin>: grüße', 'b: b']);
  });

  test('text without its byte order mark', async () => {
    await write({ a: '\ufeffkind: x' });
    expect(await read(['a'])).toEqual(['a: kind: x']);
  });

  test('files whose size the file system does not say', async () => {
    const results: string[] = [];
    for await (const result of readInputs(['/proc/self/status'], { stdin: Readable.from([]) })) {
      results.push(result.kind === 'Text' ? result.text : result.issue.message);
    }
    expect(results.join()).toMatch(/^Name:[^]*voluntary_ctxt_switches/);
  });

  test('large files', async () => {
    const text = 'ü'.repeat(3 * 1024 * 1024);
    await write({ a: text });
    expect(await read(['a'])).toEqual([`a: ${text}`]);
  });
});

describe('names what it cannot read, and reads the rest', () => {
  test('paths that do not exist, folders without documents', async () => {
    await write({ a: 'a', 'd/below/e.yaml': 'e', 'd/readme': '' });
    expect(await read(['missing', 'd', 'a'])).toEqual([
      'missing! no such file or folder',
      'd! the folder holds no *.yaml, *.yml or *.json file; folders inside it are not read',
      'a: a',
    ]);
  });

  test('dangling and circular links, and links to folders only where they are named', async () => {
    await mkdir(join(folder, 'd'));
    await symlink('nowhere', join(folder, 'd/a.yaml'));
    await symlink('b.yaml', join(folder, 'd/b.yaml'));
    await symlink('.', join(folder, 'd/c.yaml'));
    await write({ 'd/d.yaml': 'd' });
    expect(await read(['d'], { recursive: true })).toEqual([
      'd/a.yaml! no such file or folder',
      'd/b.yaml! a symbolic link that leads in a circle',
      'd/d.yaml: d',
    ]);
  });

  test('pipes, without waiting for a writer, and devices', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe.yaml')]);
    await symlink('/dev/zero', join(folder, 'zero.yaml'));
    expect(await read(['.'])).toEqual([
      'pipe.yaml! neither a regular file nor a folder',
      'zero.yaml! neither a regular file nor a folder',
    ]);
  });

  test.each<[string, Uint8Array, string]>([
    ['binary files', Buffer.from('\u007fELF\u0000\u0001'), 'a binary file; expected UTF-8 text'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x62]), 'not UTF-8 text'],
    ['UTF-16', Buffer.from('\ufeffkind', 'utf16le'), 'UTF-16 text; expected UTF-8'],
  ])('%s', async (_, content, message) => {
    await write({ a: content });
    expect(await read(['a'])).toEqual([`a! ${message}`]);
  });

  test('files beyond the limit, without reading them', async () => {
    const file = await open(join(folder, 'a'), 'w');
    await file.truncate(16 * MAXIMUM_INPUT_BYTES);
    await file.close();
    expect(await read(['a'])).toEqual(['a! larger than 64 MiB, which is the limit for one file']);
  });

  test('standard input beyond the limit', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const stdin = Readable.from(
      (function* () {
        for (;;) yield chunk;
      })(),
    );
    expect(await read(['-'], { stdin })).toEqual(['<stdin>! larger than 64 MiB, which is the limit for one file']);
  });

  test('standard input named twice', async () => {
    expect(await read(['-', '-'], { stdin: Readable.from(['a']) })).toEqual([
      '<stdin>: a',
      '<stdin>! named twice; standard input can be read only once',
    ]);
  });

  test.runIf(permissionsHold())('files and folders without permission', async () => {
    await write({ a: 'a', 'd/b.yaml': 'b' });
    await chmod(join(folder, 'a'), 0);
    await chmod(join(folder, 'd'), 0);
    expect(await read(['a', 'd'])).toEqual(['a! permission denied', 'd! permission denied']);
    await chmod(join(folder, 'd'), 0o700);
  });
});

describe('an abort', () => {
  test('ends a wait for standard input with its reason', async () => {
    const controller = new AbortController();
    const stdin = new Readable({ read: () => undefined });
    const reading = read(['-'], { stdin, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  test('between two files ends the reading', async () => {
    await write({ a: 'a', b: 'b' });
    const controller = new AbortController();
    const inputs = readInputs([join(folder, 'a'), join(folder, 'b')], {
      stdin: Readable.from([]),
      signal: controller.signal,
    });
    await inputs.next();
    controller.abort(new Error('enough'));
    await expect(inputs.next()).rejects.toThrow('enough');
  });
});

test('a folder that is replaced while it is read gives issues, no crash', async () => {
  await write({ 'd/a.yaml': 'a', 'd/b.yaml': 'b' });
  const inputs = readInputs([join(folder, 'd')], { stdin: Readable.from([]) });
  await inputs.next();
  await rename(join(folder, 'd'), join(folder, 'gone'));
  expect((await inputs.next()).value).toMatchObject({ kind: 'Issue', issue: { reason: 'Unreadable' } });
});
