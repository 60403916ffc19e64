/** A running controller, as the benchmarks see it from outside. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FullRound {
  readonly endedAt: string;
  readonly durationMilliseconds: number;
}

/** What of the controller's own status is measured. */
interface Status {
  readonly lastFullRound: FullRound | null;
  readonly services: { readonly wanted: number; readonly inLine: number; readonly inKernel: number };
  readonly sources: readonly { readonly state: string }[];
}

const BUILT = fileURLToPath(new URL('.', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../dist/command/main.js', import.meta.url));
const SOCKET = '/run/ipvs-operator/control.sock';
const LOG = '/run/log';
const PAUSES_FILE = '/run/pauses';
const TICKS_PER_SECOND = 100;
const PATIENCE_SECONDS = 300;

export function record(name: string, value: number): void {
  console.log(`${name} ${value}`);
}

/** `floor` of floor.c: the first number that it prints. */
export async function floor(...args: readonly (string | number)[]): Promise<number> {
  const { stdout } = await promisify(execFile)(`${BUILT}floor`, args.map(String));
  return Number(stdout.split(' ')[0]);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

export class Controlled {
  readonly #process: ChildProcess;

  /** Starts `ipvs-operator run` with these flags. Its log is in /run/log. */
  constructor(flags: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    rmSync(SOCKET, { force: true });
    const args = [
      '--import',
      `${BUILT}pauses.js`,
      PROGRAM,
      'run',
      '--listen',
      'none',
      '--data-dir',
      '/run/data',
      ...flags,
    ];
    const env = { ...process.env, ...environment, PAUSES_FILE };
    this.#process = spawn(process.execPath, args, { env, stdio: ['ignore', 'inherit', openSync(LOG, 'w')] });
  }

  /** Until it answers for the first time: its program is loaded. */
  answering(): Promise<Status> {
    return this.until('it answers', () => true);
  }

  /** Until everything is in line, and its sources are complete. */
  settled(services: number): Promise<Status> {
    return this.until(
      'everything is in line',
      ({ services: { inLine, wanted }, sources, lastFullRound }) =>
        lastFullRound !== null &&
        wanted === services &&
        inLine === services &&
        sources.every(({ state }) => state === 'Complete'),
    );
  }

  async until(what: string, isSo: (status: Status) => boolean): Promise<Status> {
    const deadline = Date.now() + PATIENCE_SECONDS * 1000;
    while (Date.now() < deadline) {
      if (this.#process.exitCode !== null) throw new Error(`the controller ended: ${this.log}`);
      const status = existsSync(SOCKET) ? await askStatus().catch(() => undefined) : undefined;
      if (status !== undefined && isSo(status)) return status;
      await sleep(300);
    }
    throw new Error(`not so within ${PATIENCE_SECONDS} s: ${what}; the controller's log: ${this.log}`);
  }

  get log(): string {
    return readFileSync(LOG, 'utf8');
  }

  /** The longest pause of its event loop while something is done, in milliseconds. It must be answering. */
  async pauseDuring(work: () => Promise<unknown>): Promise<number> {
    rmSync(PAUSES_FILE, { force: true });
    this.#process.kill('SIGUSR2');
    await work();
    this.#process.kill('SIGUSR2');
    while (!existsSync(PAUSES_FILE)) await sleep(100);
    await sleep(100);
    return Number(readFileSync(PAUSES_FILE, 'utf8'));
  }

  /** The seconds of a processor that it has used up to now. */
  cpuSeconds(): number {
    const fields =
      readFileSync(`/proc/${this.#process.pid ?? 0}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** The most memory that it had. */
  peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.#process.pid ?? 0}/status`, 'utf8');
    return Math.round((Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}

async function askStatus(): Promise<Status> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: SOCKET, path: '/status' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => (text += part));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve(JSON.parse(text) as Status);
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}
