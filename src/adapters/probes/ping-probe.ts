import type { PingCheck } from '../../model/index.js';
import { Attempt } from './attempt.js';
import type { EchoSockets } from './echo-sockets.js';
import type { Endpoint } from './native-sockets.js';
import type { Outcome, RunningProbe } from './probe.js';

/** Sends one ICMP echo request, and waits for its answer. */
export function startPingProbe(
  endpoint: Endpoint,
  { payloadBytes }: PingCheck,
  sockets: EchoSockets,
  end: (outcome: Outcome) => void,
): RunningProbe {
  const attempt = new Attempt(end);
  const sent = sockets.send(endpoint, payloadBytes, () => {
    attempt.finish({ code: 'L4OK', message: '' });
  });
  if (sent instanceof Error)
    setImmediate(() => {
      attempt.fail(sent);
    });
  else attempt.hold(sent);
  return {
    expire: () => {
      attempt.expire();
      return { code: 'L4TOUT', message: 'no answer in time' };
    },
  };
}
