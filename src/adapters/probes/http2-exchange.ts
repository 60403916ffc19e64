import type { ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { HttpCheck } from '../../model/index.js';
import type { Attempt } from './attempt.js';
import { heedWeight, InterimCount, judgeBody, judgeStatus } from './http-answer.js';
import { openSession } from './http2-session.js';

/** Headers that HTTP/2 does without, or that have a place of their own. */
const UNUSED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Asks for the page with HTTP/2. */
export function askHttp2(attempt: Attempt, stream: Socket, check: HttpCheck, authority: string): void {
  openSession(attempt, stream, (session) => {
    const { verb, path } = check;
    const own = check.headers.map(({ name, value }) => [name.toLowerCase(), value] as const);
    const asking = session.request(
      {
        'user-agent': 'ipvs-operator',
        accept: '*/*',
        ...Object.fromEntries(own.filter(([name]) => !UNUSED_HEADERS.has(name))),
        ':method': verb,
        ':path': path,
        ':authority': own.find(([name]) => name === 'host')?.[1] ?? authority,
        ':scheme': check.tls === null ? 'http' : 'https',
      },
      { endStream: true },
    );
    const interim = new InterimCount(attempt);
    asking.on('headers', () => {
      interim.note();
    });
    asking.on('response', (headers) => {
      heedWeight(attempt, headers, check);
      if (!judgeStatus(attempt, headers[':status'] ?? 0, check)) judgeWhole(attempt, asking, check);
    });
    return asking;
  });
}

function judgeWhole(attempt: Attempt, asking: ClientHttp2Stream, check: HttpCheck): void {
  // Ahead of the judgement: a body that the server gave up ends like one that is complete.
  asking.on('end', () => {
    if (asking.rstCode !== 0) {
      attempt.finish({ code: 'L7RSP', message: 'the server gave up in the midst of its answer' });
    }
  });
  judgeBody(attempt, asking, check);
}
