/** The lab's API server in a folder that outlives it, so that 10,000 objects are created once, outside the emulated guest. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PORT = 36443;
const PATIENCE_SECONDS = 200;

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** When its first byte was there, in seconds since 1970. */
  readonly answeredAt: number;
}

export class ApiServer {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  /** @param program what test/lab/build-apiserver prints */
  constructor(program: string, folder: string) {
    this.#folder = resolve(folder);
    const log = openSync(join(folder, 'log'), 'w');
    const args = ['--pdeathsig', 'KILL', program, this.#folder, String(PORT)];
    this.#process = spawn('setpriv', args, { stdio: ['ignore', log, log] });
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + PATIENCE_SECONDS * 1000;
    while (Date.now() < deadline) {
      const isThere = existsSync(join(this.#folder, 'apiserver.crt'));
      const answer = isThere ? await this.ask('GET', '/readyz').catch(() => undefined) : undefined;
      if (answer?.status === 200) return;
      await sleep(200);
    }
    throw new Error(`the API server is not ready: ${readFileSync(join(this.#folder, 'log'), 'utf8').slice(-2000)}`);
  }

  ask(method: string, path: string, body?: object, contentType = 'application/json'): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const ca = readFileSync(join(this.#folder, 'apiserver.crt'));
      const headers = { authorization: 'Bearer bench', 'content-type': contentType };
      const options = { host: '127.0.0.1', port: PORT, method, path, ca, headers, agent: this.#agent };
      const sent = request(options, (answer) => {
        const answeredAt = (performance.timeOrigin + performance.now()) / 1000;
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString(), answeredAt });
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The same, where anything but success is an error. */
  async must(method: string, path: string, body?: object, contentType?: string): Promise<ApiAnswer> {
    const answer = await this.ask(method, path, body, contentType);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer;
  }

  /** The path of a kubeconfig for it. */
  kubeconfig(): string {
    const path = join(this.#folder, 'kubeconfig');
    const cluster = {
      server: `https://127.0.0.1:${PORT}`,
      'certificate-authority': join(this.#folder, 'apiserver.crt'),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'bench', cluster }],
      users: [{ name: 'bench', user: { token: 'controller' } }],
      contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
      'current-context': 'bench',
    };
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    return path;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#agent.destroy();
    this.#process.kill('SIGTERM');
    await ended;
  }
}
