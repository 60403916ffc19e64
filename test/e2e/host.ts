import { fileURLToPath } from 'node:url';
import { CommandedProcess } from './commanded.js';
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
  readonly #process: CommandedProcess;
  #lastConnection = 0;

  constructor(namespace: string) {
    this.namespace = namespace;
    const program = fileURLToPath(new URL('peer.cjs', import.meta.url));
    this.#process = new CommandedProcess(namespace, inNamespace(namespace, [process.execPath, program]));
  }

  async listen(protocol: EchoProtocol, address: string, port: number, name: string): Promise<void> {
    await this.#process.command({ command: 'listen', protocol, address, port, name });
  }

  async unlisten(protocol: EchoProtocol, address: string, port: number): Promise<void> {
    await this.#process.command({ command: 'unlisten', protocol, address, port });
  }

  async connect(address: string, port: number): Promise<Connection> {
    const connection = ++this.#lastConnection;
    const localPort = (await this.#process.command({ command: 'connect', connection, address, port })) as number;
    return {
      localPort,
      ask: async (text) => (await this.#process.command({ command: 'ask', connection, text })) as string,
      close: async () => {
        await this.#process.command({ command: 'disconnect', connection });
      },
    };
  }

  async query(
    address: string,
    port: number,
    text: string,
    options: { readonly localPort?: number } = {},
  ): Promise<string> {
    return (await this.#process.command({ command: 'query', address, port, text, ...options })) as string;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.#process.close();
  }
}
