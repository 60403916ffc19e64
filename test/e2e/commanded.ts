import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A program that takes commands as lines of JSON on its standard input, answers each by a line of JSON with the `id` of
 * the command and a `value` or an `error`, and ends with its input.
 */
export class CommandedProcess {
  readonly #name: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** @param name what errors begin with */
  constructor(name: string, commandLine: readonly string[]) {
    this.#name = name;
    const [file = '', ...args] = commandLine;
    this.#process = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface(this.#process.stdout).on('line', (line) => {
      this.#take(JSON.parse(line) as { id: number; value?: unknown; error?: string });
    });
    this.#process.on('close', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`${name}: the process ended`));
    });
  }

  command(command: object): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#process.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    return answer;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const ended = once(this.#process, 'close');
    this.#process.stdin.end();
    await ended;
  }

  #take({ id, value, error }: { id: number; value?: unknown; error?: string }): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(`${this.#name}: ${error}`));
  }
}
