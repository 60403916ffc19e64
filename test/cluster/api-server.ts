import { load } from 'js-yaml';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from './command.js';
import type { CommandResult } from './command.js';

/**
 * A real Kubernetes API server (test/lab/apiserver), with this project's resource definitions and the built-in types
 * that the product uses. Everyone may do everything on it; what was asked for, and by whom, is written
 * down: `requests` tells it in RBAC's words.
 */
export interface ApiServer {
  readonly url: string;
  /** A kubeconfig that `user`, any word, asks with. */
  kubeconfig(user: string): string;
  /** kubectl as the user `kubectl`; `input` is its standard input. A failure is a result like others. */
  kubectl(args: readonly string[], input?: string): Promise<CommandResult>;
  /** One request as the user `test`: the status and the parsed body, whatever the status. */
  request(method: string, path: string, body?: unknown, contentType?: string): Promise<ApiAnswer>;
  requests(user: string): readonly LoggedRequest[];
  /** Ends the server at once, as a crash does. Its data and its port stay. */
  stop(): Promise<void>;
  /** Starts a stopped server again; done when it is ready. */
  start(): Promise<void>;
  /** The server stops answering, and its connections stay open. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What RBAC would be asked. The core group is "". */
export interface LoggedRequest {
  readonly user: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface ApiServerOptions {
  /** Where it listens: the loopback where it is absent. */
  readonly address?: string;
}

/** In an emulated guest that does other work besides. */
const READY_SECONDS = 180;
const LAB = fileURLToPath(new URL('../lab/', import.meta.url));
const DEFINITIONS = [new URL('../../crds/', import.meta.url), new URL('../lab/apiserver/crds/', import.meta.url)];

export async function startApiServer({ address = '127.0.0.1' }: ApiServerOptions = {}): Promise<ApiServer> {
  const [program, kubectl] = await Promise.all([pathFrom('build-apiserver'), pathFrom('fetch-kubectl')]);
  const directory = mkdtempSync(join(tmpdir(), 'ipvs-apiserver-'));
  const port = await findFreePorts(3);
  const url = `https://${address}:${port}`;
  const certificate = join(directory, 'apiserver.crt');
  let server: ChildProcess | undefined;

  const request = async (method: string, path: string, body?: unknown, contentType = 'application/json') =>
    // The server writes its certificate when it first starts.
    await ask({ url: url + path, method, certificate: readFileSync(certificate), body, contentType });
  const kubeconfig = (user: string): string => {
    const path = join(directory, `${user}.kubeconfig`);
    writeFileSync(path, JSON.stringify(kubeconfigOf(user, url, certificate)), { mode: 0o600 });
    return path;
  };
  const start = async (): Promise<void> => {
    const log = openSync(join(directory, 'log'), 'a');
    // The server ends with the tests, however they end.
    server = spawn('setpriv', ['--pdeathsig', 'KILL', program, directory, String(port), address], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    await waitUntil(() => request('GET', '/readyz').then(({ status }) => status === 200), directory);
  };
  const stop = async (): Promise<void> => {
    const ended = server?.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
    server?.kill('SIGKILL');
    await ended;
  };

  await start();
  await installDefinitions(request, directory);
  return {
    url,
    kubeconfig,
    kubectl: (args, input) =>
      run(kubectl, ['--kubeconfig', kubeconfig('kubectl'), '--cache-dir', join(directory, 'cache'), ...args], input),
    request,
    requests: (user) => readRequests(join(directory, 'requests')).filter((line) => line.user === user),
    start,
    stop,
    pause: () => server?.kill('SIGSTOP'),
    resume: () => server?.kill('SIGCONT'),
    close: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function pathFrom(script: string): Promise<string> {
  const { status, stdout, stderr } = await run(join(LAB, script), []);
  if (status !== 0) throw new Error(`test/lab/${script} failed: ${stderr}`);
  return stdout.trim();
}

/** The first of so many ports in a row that nobody listens on. Others may come in between: then the server fails to start. */
async function findFreePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(first + i)));
    if (!free.includes(false)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

function kubeconfigOf(user: string, server: string, certificate: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name: user, user: { token: user } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user } }],
    'current-context': 'lab',
  };
}

interface Question {
  readonly url: string;
  readonly method: string;
  readonly certificate: Buffer;
  readonly body: unknown;
  readonly contentType: string;
}

function ask({ url, method, certificate, body, contentType }: Question): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer test', accept: 'application/json', 'content-type': contentType };
    const outgoing = httpsRequest(url, { method, ca: certificate, headers, timeout: 10_000 }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${url}`)));
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function waitUntil(isDone: () => Promise<boolean>, directory: string): Promise<void> {
  const deadline = performance.now() + READY_SECONDS * 1000;
  for (;;) {
    if (await isDone().catch(() => false)) return;
    if (performance.now() > deadline) {
      const log = readFileSync(join(directory, 'log'), 'utf8');
      throw new Error(`the API server was not ready within ${READY_SECONDS} s:\n${log.slice(-4000)}`);
    }
    await sleep(100);
  }
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string }[];
  };
}

async function installDefinitions(request: ApiServer['request'], directory: string): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const definitions = DEFINITIONS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name !== 'kustomization.yaml')
      .map((name) => load(readFileSync(new URL(name, folder), 'utf8')) as Definition),
  );
  let refused: Error | undefined;
  for (const definition of definitions) {
    const installed = async (): Promise<boolean> => {
      const { status, body } = await request('POST', path, definition);
      if (status >= 400 && status < 500 && status !== 409 && status !== 429) {
        refused ??= new Error(`a definition was refused: ${JSON.stringify(body)}`);
      }
      // It is there already where the answer to an earlier attempt came too late.
      return status === 201 || status === 409 || refused !== undefined;
    };
    await waitUntil(installed, directory);
    if (refused !== undefined) throw refused;
  }
  for (const { spec } of definitions) {
    for (const { name } of spec.versions) {
      const root = spec.group === 'core.lab' ? `/api/${name}` : `/apis/${spec.group}/${name}`;
      await waitUntil(
        () => request('GET', `${root}/${spec.names.plural}`).then(({ status }) => status === 200),
        directory,
      );
    }
  }
}

function readRequests(file: string): readonly LoggedRequest[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LoggedRequest);
}
