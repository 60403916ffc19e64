import { fileURLToPath } from 'node:url';
import { CommandedProcess } from './commanded.js';

/** One request of a client, over a connection of its own. Times are milliseconds of the clock. */
export interface Request {
  readonly started: number;
  readonly ended: number;
  /** Who answered; `null` where nobody did. */
  readonly server: string | null;
  readonly error: string | null;
}

export interface LoadOptions {
  /** Where the clients are. */
  readonly namespace: string;
  readonly address: string;
  readonly port: number;
  /** 1: so many ask at once, each one request after the other. */
  readonly clients?: number;
  /** 0: how long each rests between two requests. */
  readonly pauseMilliseconds?: number;
  /** 5 s: what takes longer has failed. */
  readonly timeoutMilliseconds?: number;
}

/** Requests that go on until they are stopped. */
export interface Load {
  stop(): Promise<readonly Request[]>;
}

/** A response that goes on, number by number. */
export interface Download {
  /** Whose it is, how many numbers came, and why it ended, where it did: a number that was missing, or the connection. */
  look(): Promise<{ readonly server: string; readonly ticks: number; readonly error: string | null }>;
  close(): Promise<void>;
}

export interface DatagramAnswer {
  readonly server: string;
  /** Where the answer came from. */
  readonly address: string;
}

/** Servers and clients in any namespaces, by one process: traffic.py. */
export class Traffic {
  readonly #process: CommandedProcess;
  #last = 0;

  constructor() {
    const program = fileURLToPath(new URL('traffic.py', import.meta.url));
    this.#process = new CommandedProcess('traffic', ['/usr/bin/python3', program]);
  }

  /** Starts a server on every address of the namespace. It answers with its name. */
  async serve(namespace: string, port: number, name: string): Promise<void> {
    await this.#process.command({ command: 'serve', namespace, port, name });
  }

  /** Ends it as a crash does: its connections are reset, new ones refused. */
  async kill(namespace: string, port: number): Promise<void> {
    await this.#process.command({ command: 'kill', namespace, port });
  }

  /** Starts a server that answers datagrams to this address with its name, from this address. */
  async serveDatagrams(namespace: string, address: string, port: number, name: string): Promise<void> {
    await this.#process.command({ command: 'serve_datagrams', namespace, address, port, name });
  }

  /** Sends datagrams from one port, each after the answer to the one before. */
  async sendDatagrams(
    from: { readonly namespace: string; readonly address: string; readonly port: number },
    to: { readonly address: string; readonly port: number },
    count: number,
  ): Promise<readonly DatagramAnswer[]> {
    const own = { namespace: from.namespace, own_address: from.address, own_port: from.port };
    const answers = await this.#process.command({ command: 'send_datagrams', ...own, ...to, count });
    return answers as readonly DatagramAnswer[];
  }

  /** This many requests, one after the other. */
  async request(count: number, options: LoadOptions): Promise<readonly Request[]> {
    return this.#requests({ command: 'finish_load', load: await this.#startLoad(count, options) });
  }

  async startLoad(options: LoadOptions): Promise<Load> {
    const load = await this.#startLoad(-1, options);
    return { stop: () => this.#requests({ command: 'stop_load', load }) };
  }

  async startDownload(namespace: string, address: string, port: number): Promise<Download> {
    const download = ++this.#last;
    await this.#process.command({ command: 'start_download', download, namespace, address, port });
    return {
      look: () => this.#process.command({ command: 'look_at_download', download }) as ReturnType<Download['look']>,
      close: async () => {
        await this.#process.command({ command: 'close_download', download });
      },
    };
  }

  /** Ends all servers and clients. */
  close(): Promise<void> {
    return this.#process.close();
  }

  async #startLoad(count: number, options: LoadOptions): Promise<number> {
    const { namespace, address, port, clients = 1, pauseMilliseconds = 0, timeoutMilliseconds = 5000 } = options;
    const load = ++this.#last;
    const [pause, timeout] = [pauseMilliseconds / 1000, timeoutMilliseconds / 1000];
    await this.#process.command({
      command: 'start_load',
      load,
      namespace,
      address,
      port,
      clients,
      pause,
      timeout,
      count,
    });
    return load;
  }

  async #requests(command: object): Promise<readonly Request[]> {
    const requests = (await this.#process.command(command)) as readonly Request[];
    return requests
      .map((request) => ({ ...request, started: request.started * 1000, ended: request.ended * 1000 }))
      .sort((a, b) => a.started - b.started);
  }
}

/** How many requests each server answered, and how many nobody did. */
export function countServers(requests: readonly Request[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { server } of requests) counts[server ?? 'nobody'] = (counts[server ?? 'nobody'] ?? 0) + 1;
  return counts;
}
