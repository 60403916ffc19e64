import type { Target } from '../../health/index.js';
import type { HttpCheck } from '../../model/index.js';
import { Attempt } from './attempt.js';
import { authorityOf } from './authority.js';
import { askHttp1 } from './http1-exchange.js';
import type { Outcome, RunningProbe } from './probe.js';
import type { SecureContexts } from './secure-contexts.js';
import { openStream } from './stream.js';

/** Asks for a page over a connection of its own, and looks at the answer. */
export function startHttpProbe(
  target: Target,
  check: HttpCheck,
  contexts: SecureContexts,
  end: (outcome: Outcome) => void,
): RunningProbe {
  const attempt = new Attempt(end);
  const { tls, host, version } = check;
  const { authority, name } = authorityOf(target, host, tls === null ? 80 : 443);
  const protocol = version === 'HTTP/1.1' ? 'http/1.1' : 'h2';
  const askBy = (ask: typeof askHttp1): void => {
    openStream(attempt, target, tls && { tls, name, protocol, contexts }, (stream) => {
      ask(attempt, stream, check, authority);
    });
  };
  if (version === 'HTTP/1.1') askBy(askHttp1);
  else {
    // HTTP/2 is loaded by those who need it, and before there is anything to miss.
    void import('./http2-exchange.js').then(({ askHttp2 }) => {
      if (!attempt.isOver) askBy(askHttp2);
    });
  }
  return attempt;
}
