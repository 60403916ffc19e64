import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { inNamespace } from './process.js';

export type EchoProtocol = 'TCP' | 'UDP';

/** A namespace with a process inside that makes traffic. */
export interface Host {
  /** The name for `ip netns`. */
  readonly namespace: string;
  /** Answers `NAME TEXT` to every line (TCP) or datagram (UDP). */
  listen(protocol: EchoProtocol, address: string, port: number, name: string): Promise<void>;
  /** Stops answering and resets the connections, as a server does that dies. */
  unlisten(protocol: EchoProtocol, address: string, port: number): Promise<void>;
  connect(address: string, port: number): Promise<Connection>;
  /** Sends one datagram, from a fresh port or this one, and returns the answer. */
  query(address: string, port: number, text: string, options?: { readonly localPort?: number }): Promise<string>;
}

export interface Connection {
  /** The client's own port, by which the director's connection table names the connection. */
  readonly localPort: number;
  /** Sends a line, and returns the line that comes back. */
  ask(text: string): Promise<string>;
  close(): Promise<void>;
}

/** A host's process; who made the namespace removes it. */
export class RunningHost implements Host {
  readonly namespace: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #lastId = 0;

  constructor(namespace: string) {
    this.namespace = namespace;
    const program = fileURLToPath(new URL('peer.cjs', import.meta.url));
    const [file = '', ...args] = inNamespace(namespace, [process.execPath, program]);
    this.#process = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface(this.#process.stdout).on('line', (line) => {
      const { id, value, error } = JSON.parse(line) as { id: number; value?: unknown; error?: string };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(`${namespace}: ${error}`));
    });
    this.#process.on('close', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`${namespace}: the process ended`));
    });
  }

  async listen(protocol: EchoProtocol, address: string, port: number, name: string): Promise<void> {
    await this.#command({ command: 'listen', protocol, address, port, name });
  }

  async unlisten(protocol: EchoProtocol, address: string, port: number): Promise<void> {
    await this.#command({ command: 'unlisten', protocol, address, port });
  }

  async connect(address: string, port: number): Promise<Connection> {
    const connection = this.#lastId + 1;
    const localPort = (await this.#command({ command: 'connect', connection, address, port })) as number;
    return {
      localPort,
      ask: async (text) => (await this.#command({ command: 'ask', connection, text })) as string,
      close: async () => {
        await this.#command({ command: 'disconnect', connection });
      },
    };
  }

  async query(
    address: string,
    port: number,
    text: string,
    options: { readonly localPort?: number } = {},
  ): Promise<string> {
    return (await this.#command({ command: 'query', address, port, text, ...options })) as string;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const ended = once(this.#process, 'close');
    this.#process.stdin.end();
    await ended;
  }

  #command(command: object): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#process.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    return answer;
  }
}
