import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';

/** The files' names wherever Kubernetes mounts a Secret of the type kubernetes.io/tls. */
const FILES = ['tls.crt', 'tls.key'] as const;
/** The files are looked at so often at most, however many probes need them. */
const LOOK_MILLISECONDS = 1000;
/** A longer file is no certificate. */
const MAXIMUM_BYTES = 262_144;

export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  /** Which state of the files this is. */
  readonly stamp: string;
}

/** A certificate of this host cannot be had, which is no fault of the server that asks for it. */
export class ClientCertificateError extends Error {
  override readonly name = 'ClientCertificateError';
}

interface Look {
  readonly result: Promise<ClientCertificate>;
  /** When it came to an end; `Infinity` before. */
  endedMilliseconds: number;
}

/** The certificates that this host shows to servers: each is a folder below one folder. Changed files are read again. */
export class ClientCertificates {
  readonly #folder: string | undefined;
  readonly #looks = new Map<string, Look>();

  /** `undefined`: there are none. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** The same object as long as the files are the same. Rejects with a ClientCertificateError. */
  of(name: string): Promise<ClientCertificate> {
    const last = this.#looks.get(name);
    if (last !== undefined && performance.now() - last.endedMilliseconds < LOOK_MILLISECONDS) return last.result;
    const look: Look = { result: this.#read(name, last), endedMilliseconds: Infinity };
    this.#looks.set(name, look);
    look.result.then(
      () => (look.endedMilliseconds = performance.now()),
      // Whoever asks next looks again, so that names of nothing leave nothing behind.
      () => this.#looks.delete(name),
    );
    return look.result;
  }

  async #read(name: string, last: Look | undefined): Promise<ClientCertificate> {
    const before = await last?.result;
    try {
      if (this.#folder === undefined) throw new Error('there are none without --secrets-dir');
      const folder = join(this.#folder, name);
      const stamp = (await Promise.all(FILES.map((file) => stampOf(join(folder, file))))).join();
      if (before?.stamp === stamp) return before;
      const [cert, key] = await Promise.all([read(join(folder, FILES[0])), read(join(folder, FILES[1]))]);
      // They must fit each other.
      createSecureContext({ cert, key });
      return { cert, key, stamp };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ClientCertificateError(`client certificate ${name}: ${reason}`, { cause: error });
    }
  }
}

async function stampOf(file: string): Promise<string> {
  const about = await stat(file);
  if (!about.isFile() || about.size > MAXIMUM_BYTES) throw new Error(`${file} is no certificate or key`);
  return [about.dev, about.ino, about.size, about.mtimeMs, about.ctimeMs].join();
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8');
}
