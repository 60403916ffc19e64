import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { Target } from '../../health/index.js';
import type { TlsSettings } from '../../model/index.js';
import type { Attempt } from './attempt.js';
import { ClientCertificateError } from './client-certificates.js';
import { openTcp, resetTcp } from './connection.js';
import type { SecureContexts } from './secure-contexts.js';

/** How a stream is secured. */
export interface Security {
  readonly tls: TlsSettings;
  /** The server's name where the settings say none: a host name or an address. */
  readonly name: string;
  /** What is to be spoken, as ALPN calls it; empty: nobody asks. */
  readonly protocol: 'http/1.1' | 'h2' | '';
  readonly contexts: SecureContexts;
}

/**
 * Opens a stream to the target, of TLS where security is wanted, and hands it over to what speaks over it. What goes
 * wrong, then too, is the end of the attempt; that the server closes is noticed by whoever speaks.
 */
export function openStream(
  attempt: Attempt,
  target: Target,
  security: Security | null,
  speak: (stream: Socket) => void,
): void {
  const socket = openTcp(target);
  attempt.hold(() => {
    resetTcp(socket);
  });
  socket.on('error', (error) => {
    attempt.fail(error);
  });
  socket.once('connect', () => {
    if (attempt.isOver) return;
    if (security !== null) {
      secureStream(attempt, socket, security, speak);
      return;
    }
    attempt.layer = 'L7';
    attempt.guard(() => {
      speak(socket);
    });
  });
}

/** Begins TLS over a stream that is open, and hands it over once it is good. */
export function secureStream(
  attempt: Attempt,
  socket: Socket,
  security: Security,
  speak: (stream: TLSSocket) => void,
): void {
  attempt.layer = 'L6';
  security.contexts.of(security.tls).then(
    (context) => {
      if (attempt.isOver) return;
      attempt.guard(() => {
        shakeHands(attempt, socket, security, context, speak);
      });
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      attempt.finish({ code: error instanceof ClientCertificateError ? 'SOCKERR' : 'L6RSP', message });
    },
  );
}

function shakeHands(
  attempt: Attempt,
  socket: Socket,
  { tls, name: usualName, protocol }: Security,
  context: SecureContext,
  speak: (stream: TLSSocket) => void,
): void {
  const name = tls.serverName ?? usualName;
  const stream = connectTls({
    socket,
    // An address is no name that may be asked for.
    servername: isIP(name) === 0 ? name : '',
    rejectUnauthorized: tls.isVerified,
    secureContext: context,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    ...(protocol === '' ? {} : { ALPNProtocols: [protocol] }),
  });
  attempt.hold(() => {
    stream.destroy();
  });
  stream.on('error', (error: Error) => {
    attempt.fail(error);
  });
  stream.once('secureConnect', () => {
    if (attempt.isOver) return;
    if (protocol === 'h2' && stream.alpnProtocol !== 'h2') {
      attempt.finish({ code: 'L6RSP', message: 'the server does not offer HTTP/2' });
      return;
    }
    attempt.layer = 'L7';
    attempt.guard(() => {
      speak(stream);
    });
  });
}
