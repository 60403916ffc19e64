import { connect } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Attempt } from './attempt.js';
import { MAXIMUM_HEADER_BYTES } from './http-answer.js';

/** Settings and pings of a server before its answer is complete. */
const MAXIMUM_CONTROL_FRAMES = 64;
const MAXIMUM_HEADERS = 128;
/** Every request says its own authority: as a URL not all that servers are called would do. */
const ANY_SERVER = 'http://server';

/**
 * Opens a session of HTTP/2 over a stream, and has one thing asked over it, by an authority of its own. All that the session's end and the server's
 * frames beside the answer may mean is the end of the attempt.
 */
export function openSession(
  attempt: Attempt,
  stream: Socket,
  ask: (session: ClientHttp2Session) => ClientHttp2Stream,
): void {
  const session = connect(ANY_SERVER, {
    createConnection: () => stream,
    maxHeaderListPairs: MAXIMUM_HEADERS,
    settings: { enablePush: false, maxHeaderListSize: MAXIMUM_HEADER_BYTES },
  });
  attempt.hold(() => {
    session.destroy();
  });
  session.on('error', (error: Error) => {
    attempt.fail(error);
  });
  let controlFrames = 0;
  const note = (): void => {
    if (++controlFrames <= MAXIMUM_CONTROL_FRAMES) return;
    attempt.finish({ code: 'L7RSP', message: 'the server sends settings or pings without end' });
  };
  session.on('remoteSettings', note);
  session.on('ping', note);
  session.on('goaway', (code) => {
    // Without an error the server may still answer what it was asked before.
    if (code !== 0) attempt.finish({ code: 'L7RSP', message: `the server ends the session with error ${code}` });
  });
  const asking = ask(session);
  asking.on('error', (error: Error) => {
    attempt.fail(error);
  });
  asking.on('close', () => {
    attempt.finish({ code: 'L7RSP', message: 'the server closed without a complete answer' });
  });
}
