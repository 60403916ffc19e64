import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../errors/index.js';
import { moveIntoPlace, makePlace } from './socket-place.js';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** In pieces where it is long, so that nobody else has to wait while it is made. */
  readonly body: string | AsyncIterable<string>;
  /** The methods that would be answered; with status 405. */
  readonly allow?: string;
}

/** What is answered to GET, by path, and to POST, by `POST ` and the path. What is asked for is in the query alone. */
export type Routes = Readonly<Record<string, (query: URLSearchParams) => Answer | Promise<Answer>>>;

export interface RunningServer {
  /** The port that it got, where any was asked for; 0 for a Unix socket. */
  readonly port: number;
  /** Ends it, with the connections that are open. */
  close(): Promise<void>;
}

const REQUEST_MILLISECONDS = 10_000;

/** Rejects with UserError where the address cannot be had. */
export async function serveAddress(host: string, port: number, routes: Routes): Promise<RunningServer> {
  const server = createRoutedServer(routes);
  await listen(server, { host, port }, `${host}:${port}`);
  const address = server.address() as AddressInfo;
  return { port: address.port, close: () => close(server) };
}

/**
 * Serves on a Unix socket that only this user can open. What a dead process left at the path is replaced; a living one
 * is left alone: then it rejects with UserError. The socket is removed at the end.
 */
export async function serveSocket(path: string, routes: Routes): Promise<RunningServer> {
  const place = await makePlace(path);
  const server = createRoutedServer(routes);
  try {
    await listen(server, { path: place.temporaryPath }, path);
    const remove = await moveIntoPlace(place);
    return {
      port: 0,
      close: async () => {
        await remove();
        await close(server);
      },
    };
  } catch (error) {
    await close(server);
    throw error;
  }
}

function createRoutedServer(routes: Routes): Server {
  const server = createServer({ requestTimeout: REQUEST_MILLISECONDS, headersTimeout: REQUEST_MILLISECONDS });
  server.on('request', (request, response) => {
    request.resume();
    // A reader that goes away in the middle is its own affair.
    respond(request, response, routes).catch(() => response.destroy());
  });
  return server;
}

async function respond(request: IncomingMessage, response: ServerResponse, routes: Routes): Promise<void> {
  const { status, contentType, body, allow } = await findAnswer(request, routes);
  response.writeHead(status, {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
    ...(allow === undefined ? {} : { allow }),
  });
  if (request.method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  else await pipeline(Readable.from(body, { objectMode: false }), response);
}

async function findAnswer({ method, url = '/' }: IncomingMessage, routes: Routes): Promise<Answer> {
  const [path = '/', query] = url.split('?', 2);
  const routeOf = (name: string) => (Object.hasOwn(routes, name) ? routes[name] : undefined);
  const [reading, writing] = [routeOf(path), routeOf(`POST ${path}`)];
  const route = method === 'GET' || method === 'HEAD' ? reading : method === 'POST' ? writing : undefined;
  if (route !== undefined) return route(new URLSearchParams(query));
  if (reading === undefined && writing === undefined) {
    return { status: 404, contentType: 'text/plain', body: `There is: ${Object.keys(routes).join(', ')}\n` };
  }
  const allow = [...(reading === undefined ? [] : ['GET', 'HEAD']), ...(writing === undefined ? [] : ['POST'])].join(
    ', ',
  );
  return { status: 405, contentType: 'text/plain', body: `This is answered to ${allow}.\n`, allow };
}

function listen(server: Server, where: { host: string; port: number } | { path: string }, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new UserError(`cannot listen on ${name}: ${reasonOf(error)}`, { cause: error }));
    });
    server.listen(where, () => {
      resolve();
    });
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'another program does';
    case 'EADDRNOTAVAIL':
      return 'this host has no such address';
    case 'EACCES':
      return 'permission denied';
    default:
      return message;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
