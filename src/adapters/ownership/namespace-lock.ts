import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { UserError } from '../../errors/index.js';

export type LockRole = 'apply' | 'run';

/** Who owns the table, in its own words. */
export interface LockHolder {
  readonly pid: number;
  readonly command: LockRole;
  /** ISO 8601. */
  readonly since: string;
}

export interface NamespaceLock {
  release(): Promise<void>;
}

export type LockOutcome =
  | { readonly kind: 'Acquired'; readonly lock: NamespaceLock }
  /** `holder` is null where it does not say within a second who it is. */
  | { readonly kind: 'Held'; readonly holder: LockHolder | null };

interface LockOptions {
  readonly role: LockRole;
  /** What the lock is called within the network namespace: tests use their own. */
  readonly name?: string;
}

/** The length of a Unix socket's address, the leading NUL of an abstract one included. */
const ADDRESS_LENGTH = 108;
const ANSWER_MILLISECONDS = 1000;
const MAXIMUM_ANSWER_LENGTH = 4096;
/** A holder may end between the attempt to become it and the question who it is. */
const ATTEMPTS = 3;

/**
 * Becomes the one process that writes to the IPVS table of this network namespace. The lock is an abstract Unix
 * socket: it belongs to the namespace, and dies with the process. It answers every connection with one line of JSON
 * that says who holds it. Holding it does not keep the process alive. Rejects with UserError where there can be no such
 * socket.
 */
export async function lockNamespace({ role, name = 'ipvs-operator' }: LockOptions): Promise<LockOutcome> {
  // Some versions of Node bind the name as long as it is, others fill it up with NULs to the whole length of an
  // address. A name that is filled up already is the same address to all of them.
  const address = `\0${name}`.padEnd(ADDRESS_LENGTH, '\0');
  const self: LockHolder = { pid: process.pid, command: role, since: new Date().toISOString() };
  for (let attempt = 1; ; attempt++) {
    const server = await listen(address, self);
    if (server !== undefined) return { kind: 'Acquired', lock: { release: () => close(server) } };
    const answer = await ask(address);
    if (answer !== undefined || attempt === ATTEMPTS) return { kind: 'Held', holder: answer ?? null };
  }
}

/** `undefined` where another process has the address. */
function listen(address: string, self: LockHolder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.unref();
      // One that neither reads nor goes away is not waited for.
      socket.setTimeout(ANSWER_MILLISECONDS, () => socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.end(`${JSON.stringify(self)}\n`, () => socket.destroy());
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(unusable(error));
    });
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** What a sandbox that forbids Unix sockets, or a process without descriptors left, gets. */
function unusable(error: Error): UserError {
  return new UserError(`cannot lock the table against other processes: ${error.message}`, {
    hint: 'the lock is an abstract Unix socket: a sandbox has to allow these',
    cause: error,
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** `undefined` where nobody holds the address any more, `null` where whoever does gives no proper answer in time. */
function ask(address: string): Promise<LockHolder | null | undefined> {
  return new Promise((resolve) => {
    const socket: Socket = connect(address);
    let answer = '';
    const finish = (result: LockHolder | null | undefined): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(result);
    };
    // A deadline for the whole answer: a timeout of silence alone could be kept from passing for ever.
    const deadline = setTimeout(finish, ANSWER_MILLISECONDS, null);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.includes('\n') || answer.length > MAXIMUM_ANSWER_LENGTH) finish(parseHolder(answer));
    });
    socket.on('end', () => {
      finish(parseHolder(answer));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      finish(error.code === 'ECONNREFUSED' ? undefined : null);
    });
  });
}

/** Any process in the namespace could have taken the address: its answer is believed only where it looks right. */
function parseHolder(answer: string): LockHolder | null {
  let fields: unknown;
  try {
    fields = JSON.parse(answer);
  } catch {
    return null;
  }
  if (typeof fields !== 'object' || fields === null) return null;
  if (!('pid' in fields && 'command' in fields && 'since' in fields)) return null;
  const { pid, command, since } = fields;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid)) return null;
  if (command !== 'apply' && command !== 'run') return null;
  if (typeof since !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(since)) return null;
  return { pid, command, since };
}
