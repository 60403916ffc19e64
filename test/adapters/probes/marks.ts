import { Socket } from 'node:net';
import { openMarked } from '../../../src/adapters/probes/native-sockets.js';

/** Whether this process may mark packets: it takes the capability CAP_NET_ADMIN. */
export function canMark(): boolean {
  const check = { sourceAddress: null, firewallMark: 1 };
  const descriptor = openMarked('Stream', { address: '127.0.0.1', port: 1, check });
  if (descriptor instanceof Error) return false;
  new Socket({ fd: descriptor }).destroy();
  return true;
}
