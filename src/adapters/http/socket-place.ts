import { chmod, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors/index.js';

/** Where a socket is made before it is moved to where others look for it. */
export interface SocketPlace {
  readonly path: string;
  /** A folder that nobody else can enter, so that nobody connects before the socket has its rights. */
  readonly temporaryFolder: string;
  readonly temporaryPath: string;
}

/** Rejects with UserError where a living process serves at the path, or the folder cannot be used. */
export async function makePlace(path: string): Promise<SocketPlace> {
  const folder = dirname(path);
  if (await isServed(path)) {
    throw new UserError(`another process serves ${path}`, { hint: 'give each controller its own --state-dir' });
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporaryFolder = await mkdtemp(join(folder, '.socket-'));
    return { path, temporaryFolder, temporaryPath: join(temporaryFolder, 's') };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot use ${folder}: ${reason}`, { cause: error });
  }
}

/** Puts the socket in its place, instead of whatever is there. The result removes it, unless another one is there. */
export async function moveIntoPlace({
  path,
  temporaryFolder,
  temporaryPath,
}: SocketPlace): Promise<() => Promise<void>> {
  await chmod(temporaryPath, 0o600);
  const { ino } = await lstat(temporaryPath);
  await rename(temporaryPath, path);
  await rm(temporaryFolder, { recursive: true, force: true });
  return async () => {
    const now = await lstat(path).catch(() => undefined);
    if (now?.ino === ino) await rm(path, { force: true });
  };
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => {
      finish(true);
    });
    socket.on('error', () => {
      finish(false);
    });
  });
}
