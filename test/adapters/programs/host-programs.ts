import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { findAccount, openProgramFolder, ProgramRunner } from '../../../src/adapters/programs/index.js';
import type { ProgramEnd, ProgramRequest } from '../../../src/adapters/programs/index.js';

/** Programs belong to root and run as another user: only root can arrange that. */
export const NEEDS_ROOT = { skip: process.getuid?.() !== 0 };

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

/** A folder that everyone may look into. */
export async function programFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'));
  made.push(folder);
  await chmod(folder, 0o755);
  return folder;
}

/** A shell script in it. */
export async function script(folder: string, name: string, lines: string, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, mode);
  return path;
}

export async function runner(folder: string, maximumRunning?: number): Promise<ProgramRunner> {
  return new ProgramRunner({
    folder: await openProgramFolder(folder),
    account: await findAccount('nobody'),
    ...(maximumRunning === undefined ? {} : { maximumRunning }),
  });
}

export function request(name: string, some: Partial<ProgramRequest> = {}): ProgramRequest {
  return { name, args: [], environment: {}, text: '', ...some };
}

export function endOf(programs: ProgramRunner, asked: ProgramRequest): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    programs.run(asked, resolve);
  });
}
