import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Target } from '../../health/index.js';
import type { TcpCheck } from '../../model/index.js';
import { failedOutcome, lateOutcome } from './probe.js';
import type { Layer, Outcome, RunningProbe } from './probe.js';

/** What is expected has to be within so many bytes. */
const MAXIMUM_BYTES = 65_536;

/** Connects; sends and waits for what is expected, where something is. */
export function startTcpProbe(
  { address, port }: Pick<Target, 'address' | 'port'>,
  { send, expect }: TcpCheck,
  end: (outcome: Outcome) => void,
): RunningProbe {
  let layer: Layer = 'L4';
  let received = '';
  const socket = connect({ host: address, port, noDelay: true });
  const finish = (outcome: Outcome): void => {
    abandon(socket);
    end(outcome);
  };
  socket.on('error', (error) => {
    finish(failedOutcome(layer, error));
  });
  socket.on('connect', () => {
    layer = 'L7';
    if (send !== '') socket.write(send);
    if (expect === '') finish({ code: 'L4OK', message: '' });
  });
  if (expect !== '') {
    socket.setEncoding('latin1');
    const expected = Buffer.from(expect).toString('latin1');
    socket.on('data', (text: string) => {
      received += text;
      if (received.includes(expected)) finish({ code: 'L7OK', message: '' });
      else if (received.length > MAXIMUM_BYTES) finish({ code: 'L7RSP', message: 'what is expected does not come' });
    });
    socket.on('end', () => {
      finish({ code: 'L7RSP', message: 'the server closed before it said what is expected' });
    });
  }
  return {
    expire: () => {
      abandon(socket);
      return lateOutcome(layer);
    },
  };
}

/** A reset leaves no port in TIME_WAIT here, which thousands of probes would run out of. */
function abandon(socket: Socket): void {
  socket.removeAllListeners();
  // One that ends may still fail.
  socket.on('error', ignore);
  if (socket.connecting || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}

function ignore(): void {
  // The verdict is given already.
}
