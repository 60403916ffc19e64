import type { TcpCheck } from '../../model/index.js';
import { Attempt } from './attempt.js';
import { openTcp, resetTcp } from './connection.js';
import type { Endpoint } from './native-sockets.js';
import type { Outcome, RunningProbe } from './probe.js';

/** What is expected has to be within so many bytes. */
const MAXIMUM_BYTES = 65_536;

/** Connects; sends and waits for what is expected, where something is. */
export function startTcpProbe(
  endpoint: Endpoint,
  { send, expect }: TcpCheck,
  end: (outcome: Outcome) => void,
): RunningProbe {
  const attempt = new Attempt(end);
  const socket = openTcp(endpoint);
  attempt.hold(() => {
    resetTcp(socket);
  });
  socket.on('error', (error) => {
    attempt.fail(error);
  });
  socket.on('connect', () => {
    attempt.layer = 'L7';
    if (send !== '') socket.write(send);
    if (expect === '') attempt.finish({ code: 'L4OK', message: '' });
  });
  if (expect === '') return attempt;
  let received = '';
  socket.setEncoding('latin1');
  const expected = Buffer.from(expect).toString('latin1');
  socket.on('data', (text: string) => {
    received += text;
    if (received.includes(expected)) attempt.finish({ code: 'L7OK', message: '' });
    else if (received.length > MAXIMUM_BYTES)
      attempt.finish({ code: 'L7RSP', message: 'what is expected does not come' });
  });
  socket.on('end', () => {
    attempt.finish({ code: 'L7RSP', message: 'the server closed before it said what is expected' });
  });
  return attempt;
}
