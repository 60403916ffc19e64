import type { UdpCheck } from '../../model/index.js';
import { Attempt } from './attempt.js';
import { openDatagrams } from './datagrams.js';
import type { Endpoint } from './native-sockets.js';
import type { Outcome, RunningProbe } from './probe.js';

/**
 * Sends a datagram. Where an answer is expected, the first one decides. Otherwise silence is as good as an answer: nobody
 * knows more of a service that answers only whom it wants to, than that its host does not refuse.
 */
export function startUdpProbe(
  endpoint: Endpoint,
  { sendHex, expectHex }: UdpCheck,
  end: (outcome: Outcome) => void,
): RunningProbe {
  const attempt = new Attempt(end);
  let isSent = false;
  openDatagrams(attempt, endpoint, (socket) => {
    socket.on('message', (answer) => {
      const isExpected = expectHex === '' || answer.includes(Buffer.from(expectHex, 'hex'));
      attempt.finish(
        isExpected
          ? { code: 'L7OK', message: '' }
          : { code: 'L7RSP', message: 'the answer does not contain what is expected' },
      );
    });
    socket.send(Buffer.from(sendHex, 'hex'));
    isSent = true;
  });
  return {
    expire: () => {
      const late = attempt.expire();
      return isSent && expectHex === '' ? { code: 'L4OK', message: '' } : late;
    },
  };
}
