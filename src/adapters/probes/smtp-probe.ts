import { isIPv6 } from 'node:net';
import type { Socket } from 'node:net';
import type { Target } from '../../health/index.js';
import type { SmtpCheck } from '../../model/index.js';
import { Attempt } from './attempt.js';
import type { Outcome, RunningProbe } from './probe.js';
import type { SecureContexts } from './secure-contexts.js';
import { SmtpDialogue } from './smtp-dialogue.js';
import type { Reply } from './smtp-replies.js';
import { openStream, secureStream } from './stream.js';
import type { Security } from './stream.js';

const PASSED: Outcome = { code: 'L7OK', message: '' };

/** Greets a mail server, over TLS where that is asked for, and leaves again. No mail is sent. */
export function startSmtpProbe(
  target: Target,
  check: SmtpCheck,
  contexts: SecureContexts,
  end: (outcome: Outcome) => void,
): RunningProbe {
  const attempt = new Attempt(end);
  const { tls, isUpgraded } = check;
  const security: Security | null = tls && { tls, name: target.address, protocol: '', contexts };
  openStream(attempt, target, isUpgraded ? null : security, (stream) => {
    const dialogue = new SmtpDialogue(attempt, stream);
    dialogue.hear('220', () => {
      const hello = helloOf(check, stream);
      dialogue.say(hello, '250', (reply) => {
        if (!isUpgraded || security === null) quit(attempt, dialogue);
        else upgrade(attempt, stream, dialogue, reply, security, hello);
      });
    });
  });
  return attempt;
}

/** A client without a name of its own says its address, in brackets. */
function helloOf({ heloName }: SmtpCheck, { localAddress = '' }: Socket): string {
  return `EHLO ${heloName ?? `[${isIPv6(localAddress) ? 'IPv6:' : ''}${localAddress}]`}`;
}

/** Turns to TLS, and greets once more: what was said in the clear does not count any longer. */
function upgrade(
  attempt: Attempt,
  stream: Socket,
  dialogue: SmtpDialogue,
  { lines }: Reply,
  security: Security,
  hello: string,
): void {
  if (!lines.slice(1).some((line) => /^STARTTLS *$/i.test(line))) {
    attempt.finish({ code: 'L7RSP', message: 'the server does not offer STARTTLS' });
    return;
  }
  dialogue.say('STARTTLS', '220', () => {
    if (!dialogue.leave()) {
      // Somebody on the way may have put it there, to be taken for what comes over TLS.
      attempt.finish({ code: 'L7RSP', message: 'the server says more before TLS than it was asked' });
      return;
    }
    secureStream(attempt, stream, security, (secured) => {
      const safe = new SmtpDialogue(attempt, secured);
      safe.say(hello, '250', () => {
        quit(attempt, safe);
      });
    });
  });
}

/** The server is well. It is told that nobody leaves in anger, and may answer while there is time. */
function quit(attempt: Attempt, dialogue: SmtpDialogue): void {
  attempt.decide(PASSED);
  dialogue.say('QUIT', '221', () => {
    attempt.finish(PASSED);
  });
}
