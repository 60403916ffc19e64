import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { afterEach } from 'vitest';
import { probeStarter } from '../../../src/adapters/probes/index.js';
import type { Target, Verdict } from '../../../src/health/index.js';
import type { CheckMethod, HttpCheck } from '../../../src/model/index.js';

const open: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server on a free port of the loopback that treats every connection like this. Resolves with the port. */
export function serve(onConnection: (socket: Socket) => void, tls?: TlsOptions): Promise<number> {
  const sockets = new Set<Socket>();
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.on(tls === undefined ? 'connection' : 'secureConnection', onConnection);
  open.push({ server, sockets });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** A server that answers every request with this text. */
export function answer(text: string, tls?: TlsOptions): Promise<number> {
  return serve((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(text));
  }, tls);
}

/** At the server's own address and port, as the routes say. */
const HERE = { target: 'RealServer', address: null, sourceAddress: null, firewallMark: null, port: null } as const;

export function target(method: CheckMethod, port: number, some: Partial<Target['check']> = {}): Target {
  const check = { intervalMilliseconds: 1000, timeoutMilliseconds: 300, rise: 1, fall: 1, ...HERE, method, ...some };
  return { id: `127.0.0.1 ${port}`, address: '127.0.0.1', port, check, initialState: 'Passing' };
}

/** A machine that does other things too answers within this. */
const TIMEOUT_MILLISECONDS = 600;

type ProbeEquipment = Parameters<typeof probeStarter>[0];

/** One probe: its code and message. */
export function probe(
  method: CheckMethod,
  port: number,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  equipment?: ProbeEquipment,
): Promise<string> {
  return probeTarget(target(method, port), timeoutMilliseconds, equipment);
}

/** The same of any target. */
export async function probeTarget(
  asked: Target,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  equipment: ProbeEquipment = {},
): Promise<string> {
  const start = probeStarter(equipment);
  const { code, message } = await new Promise<Omit<Verdict, 'latencyMilliseconds'>>((resolve) => {
    const timer = setTimeout(() => {
      resolve(running.expire());
    }, timeoutMilliseconds);
    const running = start(asked, (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
  return message === '' ? code : `${code} ${message}`;
}

export function http(some: Partial<HttpCheck> = {}): HttpCheck {
  return {
    type: 'HTTP',
    version: 'HTTP/1.1',
    verb: 'GET',
    path: '/',
    host: null,
    headers: [],
    statuses: [{ first: 200, last: 399 }],
    bodyText: '',
    bodyPattern: '',
    bodyDigest: '',
    weightHeader: '',
    tls: null,
    ...some,
  };
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
