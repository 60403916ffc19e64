import { readdirSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { confinePrograms, findAccount } from '../../../src/adapters/programs/index.js';
import { endOf, NEEDS_ROOT, programFolder, request, runner, script } from './host-programs.js';

beforeAll(async () => {
  if (!NEEDS_ROOT.skip) await confinePrograms(await findAccount('nobody'));
});

/** Processes whose command line has this text. */
function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^[0-9]+$/.test(name) || name === String(process.pid)) return false;
    try {
      return readFileSync(join('/proc', name, 'cmdline'), 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !isSo(); i++) await wait(10);
  expect(isSo()).toBe(true);
}

describe('a program that runs', NEEDS_ROOT, () => {
  test('is a user without groups, capabilities, or a way to get them', async () => {
    const folder = await programFolder();
    await script(
      folder,
      'who',
      'grep -E "^(Uid|Gid|Groups|CapEff|CapPrm|CapAmb|NoNewPrivs):" /proc/self/status | tr -s "\\t\\n " ,',
    );
    const status = await endOf(await runner(folder), request('who'));
    expect(status).toEqual({
      kind: 'Exited',
      code: 0,
      lastLine: [
        'Uid:,65534,65534,65534,65534',
        'Gid:,65534,65534,65534,65534',
        'Groups:,CapPrm:,0000000000000000',
        'CapEff:,0000000000000000',
        'CapAmb:,0000000000000000',
        'NoNewPrivs:,1,',
      ].join(','),
    });
  });

  test('has its arguments as they are, and no more in its environment than it is told', async () => {
    const folder = await programFolder();
    await script(folder, 'show', 'echo "$#:$1:$2" "$(env | cut -d= -f1 | sort | tr "\\n" ,)" "$CHECK_A"');
    const args = ['$(id)', '; rm -rf "x" *'];
    const end = await endOf(await runner(folder), request('show', { args, environment: { CHECK_A: '$b' } }));
    expect(end).toMatchObject({ code: 0, lastLine: '2:$(id):; rm -rf "x" * CHECK_A,PATH,PWD, $b' });
  });

  test('reads what it is told', async () => {
    const folder = await programFolder();
    await script(folder, 'read', 'cat; exit 7');
    expect(await endOf(await runner(folder), request('read', { text: 'hello' }))).toMatchObject({
      code: 7,
      lastLine: 'hello',
    });
  });

  test('need not read it', async () => {
    const folder = await programFolder();
    await script(folder, 'deaf', 'exit 0');
    const text = 'x'.repeat(1_000_000);
    expect(await endOf(await runner(folder), request('deaf', { text }))).toMatchObject({ code: 0 });
  });

  test('may write without end: its last line is what counts', async () => {
    const folder = await programFolder();
    await script(
      folder,
      'flood',
      'head -c 20000000 /dev/zero | tr "\\0" x; echo; printf "\\033[2Jlast\\n\\n" >&2; exit 1',
    );
    expect(await endOf(await runner(folder), request('flood'))).toEqual({
      kind: 'Exited',
      code: 1,
      lastLine: '?[2Jlast',
    });
  });

  test('may die', async () => {
    const folder = await programFolder();
    await script(folder, 'die', 'kill -SEGV $$');
    expect(await endOf(await runner(folder), request('die'))).toMatchObject({ kind: 'Signalled', signal: 'SIGSEGV' });
  });

  test('is killed with its children, and tells nothing then', async () => {
    const folder = await programFolder();
    await script(folder, 'hang', 'sleep 1000.5 & (sleep 1000.5 & sleep 1000.5) & touch /dev/null; sleep 1000.5');
    const programs = await runner(folder);
    const before = openFiles();
    const ends: unknown[] = [];
    const running = programs.run(request('hang'), (end) => ends.push(end));
    await until(() => processesWith('1000.5').length === 4);
    running.stop();
    await until(() => processesWith('1000.5').length === 0 && openFiles() === before);
    expect(ends).toEqual([]);
  });

  test('leaves nothing running when it ends', async () => {
    const folder = await programFolder();
    await script(folder, 'fork', 'sleep 1001.5 & echo gone');
    const before = openFiles();
    expect(await endOf(await runner(folder), request('fork'))).toMatchObject({ code: 0, lastLine: 'gone' });
    await until(() => processesWith('1001.5').length === 0 && openFiles() === before);
  });

  test.each([
    ['which is not there', 'nothing', 'is not in'],
    ['whose interpreter is not there', 'broken', 'what its first line names'],
    ['with a NUL in an argument', 'good', 'without null bytes'],
  ])('does not start %s', async (_, name, reason) => {
    const folder = await programFolder();
    await script(folder, 'good', 'exit 0');
    await script(folder, 'broken', '');
    await writeFile(join(folder, 'broken'), '#!/no/such/interpreter\n');
    const args = name === 'good' ? ['a\0b'] : [];
    const end = await endOf(await runner(folder), request(name, { args }));
    expect(end).toMatchObject({ kind: 'NotStarted', reason: expect.stringContaining(reason) as unknown });
  });

  test('does not start where its user cannot reach it', async () => {
    const folder = await programFolder();
    await script(folder, 'closed/check', 'exit 0');
    await chmod(join(folder, 'closed'), 0o700);
    const end = await endOf(await runner(folder), request('closed/check'));
    expect(end).toEqual({ kind: 'NotStarted', reason: 'the user nobody may not run it, or not reach its folder' });
  });
});

describe('many programs', NEEDS_ROOT, () => {
  test('wait for each other beyond a number', async () => {
    const folder = await programFolder();
    await script(folder, 'slow', 'exec sleep 0.1042');
    const programs = await runner(folder, 2);
    let most = 0;
    const sampler = setInterval(() => {
      most = Math.max(most, processesWith('0.1042').length);
    }, 10);
    await Promise.all(Array.from({ length: 6 }, () => endOf(programs, request('slow'))));
    clearInterval(sampler);
    expect(most).toBe(2);
  });

  test('those that wait can be taken away', async () => {
    const folder = await programFolder();
    await script(folder, 'slow', 'sleep 1002.5');
    await script(folder, 'quick', 'exit 0');
    const programs = await runner(folder, 1);
    const first = programs.run(request('slow'), () => undefined);
    const second = programs.run(request('slow'), () => undefined);
    const third = endOf(programs, request('quick'));
    second.stop();
    first.stop();
    expect(await third).toMatchObject({ code: 0 });
  });
});
