import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { afterEach } from 'vitest';

const open: Socket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

export type OnDatagram = (socket: Socket, bytes: Buffer, from: RemoteInfo) => void;

/** A server on a free port of the loopback that treats every datagram like this. Resolves with the port. */
export function serveDatagrams(onDatagram: OnDatagram, address = '127.0.0.1'): Promise<number> {
  const socket = createSocket(address === '::1' ? 'udp6' : 'udp4');
  open.push(socket);
  socket.on('message', (bytes, from) => {
    onDatagram(socket, bytes, from);
  });
  return new Promise((resolve) => {
    socket.bind(0, address, () => {
      resolve(socket.address().port);
    });
  });
}

/** Sends every client this, whatever it says. */
export function reply(...answers: readonly (string | Buffer)[]): OnDatagram {
  return (socket, _, { port, address }) => {
    for (const answer of answers) socket.send(answer, port, address);
  };
}

/** A port that refuses datagrams. */
export async function closedDatagramPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
