import { createServer } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { GOOD_CERTIFICATE, GOOD_KEY } from './certificates.js';
import { serve } from './servers.js';

export const GOOD_H2: TlsOptions = { key: GOOD_KEY, cert: GOOD_CERTIFICATE, ALPNProtocols: ['h2'] };

/** A server of HTTP/2 that treats every request like this. Resolves with the port. */
export function serveHttp2(
  onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
  tls?: TlsOptions,
): Promise<number> {
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined);
    onStream(stream, headers);
  });
  server.on('sessionError', () => undefined);
  return serve((socket) => {
    server.emit('connection', socket);
  }, tls);
}

export const FRAME = { DATA: 0, HEADERS: 1, RST_STREAM: 3, SETTINGS: 4, PING: 6, GOAWAY: 7, CONTINUATION: 9 } as const;

/** One frame of HTTP/2, as it is on the wire. */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

export function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}

/** A server that says hello as HTTP/2 has it, and then this, whatever it is asked. */
export function sayFrames(...frames: readonly Buffer[]): (socket: Socket) => void {
  return (socket) => {
    socket.write(frame(FRAME.SETTINGS, 0, 0));
    // The question comes with, or after, the client's own settings.
    socket.once('data', () => setTimeout(() => socket.write(Buffer.concat(frames)), 20));
  };
}

/** Sends these bytes for ever, as fast as they are taken. */
export function flood(bytes: Buffer | string): (socket: Socket) => void {
  return (socket) => {
    const more = (): void => {
      while (socket.writable && socket.write(bytes));
    };
    socket.on('drain', more);
    more();
  };
}
