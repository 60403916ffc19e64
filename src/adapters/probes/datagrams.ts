import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { addressFamily } from '../../model/index.js';
import type { Attempt } from './attempt.js';
import { openMarked } from './native-sockets.js';
import type { Endpoint } from './native-sockets.js';
import { failedOutcome } from './probe.js';

/**
 * Opens a socket for datagrams to and from the target alone, in the way that its check asks for, and hands it over. What
 * goes wrong, then too, is the end of the attempt: that nobody listens there, among others.
 */
export function openDatagrams(attempt: Attempt, endpoint: Endpoint, speak: (socket: Socket) => void): void {
  const { address, port, check } = endpoint;
  const socket = createSocket(addressFamily(address) === 'IPv4' ? 'udp4' : 'udp6');
  attempt.hold(() => {
    socket.close();
  });
  // Whenever it comes, it is about whether datagrams arrive.
  const fail = (error: Error): void => {
    attempt.finish(failedOutcome('L4', error));
  };
  socket.on('error', fail);
  if (check.firewallMark !== null || check.sourceAddress !== null) {
    const descriptor = openMarked('Datagram', endpoint);
    if (descriptor instanceof Error) {
      setImmediate(fail, descriptor);
      return;
    }
    socket.bind({ fd: descriptor, exclusive: true });
  }
  socket.once('connect', () => {
    if (attempt.isOver) return;
    attempt.layer = 'L7';
    attempt.guard(() => {
      speak(socket);
    });
  });
  socket.connect(port, address);
}
