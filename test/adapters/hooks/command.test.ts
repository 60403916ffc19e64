import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chmod, mkdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runHookCommand } from '../../../src/adapters/hooks/index.js';
import type { Delivery } from '../../../src/adapters/hooks/index.js';
import { NEEDS_ROOT, programFolder, runner, script } from '../programs/host-programs.js';

async function run(folder: string, timeoutMilliseconds = 5000, signal = new AbortController().signal) {
  return runHookCommand({
    programs: await runner(folder, 1),
    name: 'hook',
    body: '{"events":[]}',
    signal,
    timeoutMilliseconds,
  });
}

const failed = (reason: string): Delivery => ({ kind: 'Failed', reason, isWorthRetrying: false });

describe('a command', NEEDS_ROOT, () => {
  test('reads the events as a line of JSON', async () => {
    const folder = await programFolder();
    const out = join(folder, 'out');
    await mkdir(out);
    await chmod(out, 0o777);
    await script(folder, 'hook', `cat >${out}/told`);
    expect(await run(folder)).toEqual({ kind: 'Delivered' });
    expect(await readFile(join(out, 'told'), 'utf8')).toBe('{"events":[]}\n');
  });

  test.each([
    ['fails', 'echo no mail >&2; exit 3', 'it ends with exit code 3: no mail'],
    ['dies', 'kill -9 $$', 'it was killed by SIGKILL'],
    ['hangs', 'sleep 1004.5', 'it did not end within 0.2 s, and was killed'],
  ])('that %s did not take them', async (_, lines, reason) => {
    const folder = await programFolder();
    await script(folder, 'hook', lines);
    expect(await run(folder, lines.startsWith('sleep') ? 200 : 5000)).toEqual(failed(reason));
  });

  test('that is gone did not take them', async () => {
    expect(await run(await programFolder())).toMatchObject({ kind: 'Failed', isWorthRetrying: false });
  });

  test('is killed at the end', async () => {
    const folder = await programFolder();
    await script(folder, 'hook', 'sleep 1004.5');
    const ending = new AbortController();
    const ran = run(folder, 60_000, ending.signal);
    setTimeout(() => {
      ending.abort();
    }, 50);
    expect(await ran).toMatchObject({ kind: 'Failed' });
  });
});
