import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Target } from '../../health/index.js';

/** Begins a connection to the target, in the way that its check asks for. It says `connect`, or `error`. */
export function openTcp({ address, port }: Target): Socket {
  return connect({ host: address, port, noDelay: true });
}

/**
 * Closes a connection whatever state it is in. A reset leaves no port in TIME_WAIT here, which thousands of probes would
 * run out of.
 */
export function resetTcp(socket: Socket): void {
  if (socket.connecting || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}
