import type { Target } from '../../health/index.js';
import type { GrpcCheck } from '../../model/index.js';
import { Attempt } from './attempt.js';
import { authorityOf } from './authority.js';
import type { Outcome, RunningProbe } from './probe.js';
import type { SecureContexts } from './secure-contexts.js';
import { openStream } from './stream.js';

/** Asks by the standard health protocol of gRPC whether a service serves. */
export function startGrpcProbe(
  target: Target,
  check: GrpcCheck,
  contexts: SecureContexts,
  end: (outcome: Outcome) => void,
): RunningProbe {
  const attempt = new Attempt(end);
  const { tls } = check;
  const { authority, name } = authorityOf(target, check.authority, tls === null ? 80 : 443);
  // HTTP/2 is loaded by those who need it, and before there is anything to miss.
  void import('./grpc-exchange.js').then(({ askGrpc }) => {
    if (attempt.isOver) return;
    openStream(attempt, target, tls && { tls, name, protocol: 'h2', contexts }, (stream) => {
      askGrpc(attempt, stream, check, authority);
    });
  });
  return attempt;
}
