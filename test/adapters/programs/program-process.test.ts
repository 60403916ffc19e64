import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterEach, expect, test } from 'vitest';

const MODULE = fileURLToPath(new URL('../../../src/adapters/programs/program-process.ts', import.meta.url));
const OPEN_FILES = 60;

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

/** What this says on its standard output, in a process of its own that may have few files open. */
async function runWithFewFiles(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'few-files-'));
  made.push(folder);
  const input = join(folder, 'input.mjs');
  await writeFile(input, program);
  const bundle = await rolldown({ input, platform: 'node', resolve: { extensionAlias: { '.js': ['.ts', '.js'] } } });
  const file = join(folder, 'program.mjs');
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  const command = `ulimit -n ${OPEN_FILES}; exec "$0" "$1"`;
  return (await promisify(execFile)('sh', ['-c', command, process.execPath, file])).stdout;
}

test('a program is not started, and no more than that, where this host has no files left', async () => {
  const said = await runWithFewFiles(`
    import { openSync } from 'node:fs';
    import { startProcess } from ${JSON.stringify(MODULE)};
    try {
      for (;;) openSync('/dev/null');
    } catch {}
    const account = { name: 'me', uid: process.getuid(), gid: process.getgid() };
    startProcess({ path: '/bin/true', args: [], environment: {}, text: '', account }, (end) => {
      console.log(JSON.stringify(end));
    });
  `);
  expect(JSON.parse(said)).toEqual({ kind: 'NotStarted', reason: 'spawn /bin/true EMFILE' });
});
