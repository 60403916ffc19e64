import { connect, Socket } from 'node:net';
import { mismatchOf, openMarked } from './native-sockets.js';
import type { Endpoint } from './native-sockets.js';

/** Begins a connection to the target, in the way that its check asks for. It says `connect`, or `error`. */
export function openTcp(endpoint: Endpoint): Socket {
  const { address: host, port, check } = endpoint;
  if (check.firewallMark !== null) return connectMarked(endpoint);
  if (check.sourceAddress === null) return connect({ host, port, noDelay: true });
  const mismatch = mismatchOf(endpoint);
  if (mismatch !== undefined) return failedSocket(mismatch);
  return connect({ host, port, noDelay: true, localAddress: check.sourceAddress });
}

function connectMarked(endpoint: Endpoint): Socket {
  const descriptor = openMarked('Stream', endpoint);
  if (descriptor instanceof Error) return failedSocket(descriptor);
  const socket = new Socket({ fd: descriptor });
  return socket.connect({ host: endpoint.address, port: endpoint.port, noDelay: true });
}

/** One that never was: it says so as any other does, once somebody can listen. */
function failedSocket(error: Error): Socket {
  return new Socket().destroy(error);
}

/**
 * Closes a connection whatever state it is in. A reset leaves no port in TIME_WAIT here, which thousands of probes would
 * run out of. Node does not close at all what is reset after it was shut down, as it is by itself when the server closes.
 */
export function resetTcp(socket: Socket): void {
  if (socket.connecting || socket.destroyed || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
