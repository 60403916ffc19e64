import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';

const TICKS_PER_SECOND = 100;

/** A program whose standard input takes lines and whose standard output gives lines. */
export class LineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(file: string, args: readonly (string | number)[], environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...environment };
    this.#child = spawn(file, args.map(String), { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  send(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  async nextLine(): Promise<string> {
    const next: IteratorResult<string, unknown> = await this.#lines.next();
    if (next.done === true) throw new Error(`${this.#child.spawnfile} ended too early`);
    return next.value;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** The seconds of a processor that a process has used up to now. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The one process that this one has started. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

/** The day, and what this machine is. */
export function machineText(): string {
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Linux ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? ''}, Node ${process.version}.`;
}
