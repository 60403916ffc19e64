import { chmod, chown, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findAccount, openProgramFolder } from '../../../src/adapters/programs/index.js';
import { missingCapabilities } from '../../../src/adapters/programs/confinement.js';
import { findProgram } from '../../../src/adapters/programs/program-folder.js';
import { NEEDS_ROOT, programFolder, script } from './host-programs.js';

async function find(folder: string, name: string): Promise<string> {
  const found = await findProgram(await openProgramFolder(folder), name);
  return (found.kind === 'Found' ? found.path : found.reason).replaceAll(folder, 'FOLDER');
}

describe('a program', NEEDS_ROOT, () => {
  test('is found by its path below the folder, through links that stay there', async () => {
    const folder = await programFolder();
    await script(folder, 'sql/check', 'exit 0');
    await symlink('sql/check', join(folder, 'link'));
    expect(await find(folder, 'sql/check')).toBe('FOLDER/sql/check');
    expect(await find(folder, 'link')).toBe('FOLDER/sql/check');
  });

  test('is none outside the folder', async () => {
    const folder = await programFolder();
    await symlink('/bin/sh', join(folder, 'shell'));
    expect(await find(folder, 'shell')).toBe('shell is not inside FOLDER');
    expect(await find(folder, '../../bin/sh')).toContain('is not in');
  });

  test.each([
    ['that others may write', 0o757, 'check is not run: FOLDER/check may be written by others than root'],
    ['that its group may write', 0o775, 'check is not run: FOLDER/check may be written by others than root'],
    ['that is for root alone', 0o700, 'check may not be run by everyone'],
    ['that is no program', 0o644, 'check may not be run by everyone'],
  ])('is refused %s', async (_, mode, reason) => {
    const folder = await programFolder();
    await script(folder, 'check', 'exit 0', mode);
    expect(await find(folder, 'check')).toBe(reason);
  });

  test("is refused where it, or its folder, is somebody else's", async () => {
    const folder = await programFolder();
    await chown(await script(folder, 'check', 'exit 0'), 65_534, 65_534);
    expect(await find(folder, 'check')).toBe('check is not run: FOLDER/check does not belong to root');
    await script(folder, 'open/check', 'exit 0');
    await chmod(join(folder, 'open'), 0o777);
    expect(await find(folder, 'open/check')).toBe(
      'open/check is not run: FOLDER/open may be written by others than root',
    );
  });

  test('is refused where it is not there, or a folder', async () => {
    const folder = await programFolder();
    await mkdir(join(folder, 'sub'));
    expect(await find(folder, 'check')).toBe('check is not in FOLDER');
    expect(await find(folder, 'sub')).toBe('sub is no program');
  });
});

describe('the folder of programs', NEEDS_ROOT, () => {
  test('is refused where others decide what is in it', async () => {
    const folder = await programFolder();
    await mkdir(join(folder, 'own'), { mode: 0o755 });
    await chmod(folder, 0o777);
    await expect(openProgramFolder(folder)).rejects.toThrow('may be written by others than root');
    await expect(openProgramFolder(join(folder, 'own'))).rejects.toThrow('may be written by others than root');
  });

  test('is refused where it is not there, or a file', async () => {
    const folder = await programFolder();
    await expect(openProgramFolder(join(folder, 'none'))).rejects.toThrow('cannot use the folder of programs');
    await expect(openProgramFolder(await script(folder, 'check', 'exit 0'))).rejects.toThrow('is no folder');
  });
});

describe('who programs run as', () => {
  test('is found by name or numbers', async () => {
    expect(await findAccount('nobody')).toMatchObject({ name: 'nobody', uid: 65_534 });
    expect(await findAccount('1000:100')).toEqual({ name: '1000:100', uid: 1000, gid: 100 });
    expect(await findAccount('1000')).toEqual({ name: '1000', uid: 1000, gid: 1000 });
  });

  test.each([
    ['root', 'is root'],
    ['0', 'is root'],
    ['1000:0', "of root's group"],
    ['no-such-user', 'there is no user'],
  ])('is not %s', async (name, reason) => {
    await expect(findAccount(name)).rejects.toThrow(reason);
  });

  test('needs capabilities of this process', () => {
    expect(missingCapabilities('CapEff:\t000001ffffffffff\n')).toEqual([]);
    expect(missingCapabilities('CapEff:\t0000000000001000\n')).toEqual(['CAP_KILL', 'CAP_SETGID', 'CAP_SETUID']);
  });
});
