import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import type { Socket } from 'node:net';
import type { GrpcCheck } from '../../model/index.js';
import type { Attempt } from './attempt.js';
import { decodeServingStatus, encodeHealthQuestion, MAXIMUM_ANSWER_BYTES } from './grpc-messages.js';
import { openSession } from './http2-session.js';
import { readable } from './probe.js';
import type { Outcome } from './probe.js';

const METHOD = '/grpc.health.v1.Health/Check';
const STATUS_HEADER = 'grpc-status';
const MESSAGE_HEADER = 'grpc-message';

const SERVING_STATUSES: readonly (string | undefined)[] = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const STATUS_NAMES: readonly (string | undefined)[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Asks over a stream by gRPC: one message there, one back, and how it went in the trailers. */
export function askGrpc(attempt: Attempt, stream: Socket, check: GrpcCheck, authority: string): void {
  openSession(attempt, stream, (session) => {
    const asking = session.request({
      ':method': 'POST',
      ':scheme': check.tls === null ? 'http' : 'https',
      ':path': METHOD,
      ':authority': authority,
      te: 'trailers',
      'content-type': 'application/grpc',
      'user-agent': 'ipvs-operator',
    });
    const chunks: Buffer[] = [];
    let length = 0;
    let trailers: IncomingHttpHeaders = {};
    asking.on('response', (headers) => {
      const fault = faultOfHeaders(headers);
      if (fault !== undefined) attempt.finish(fault);
      // Where there is no message to follow, the trailers come at once.
      if (headers[STATUS_HEADER] !== undefined) trailers = headers;
    });
    asking.on('data', (chunk: Buffer) => {
      if (attempt.isOver) return;
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAXIMUM_ANSWER_BYTES) attempt.finish(garbage('an answer that is too long'));
    });
    asking.on('trailers', (headers: IncomingHttpHeaders) => {
      trailers = headers;
    });
    asking.on('end', () => {
      attempt.finish(judgeAnswer(trailers, Buffer.concat(chunks)));
    });
    asking.end(encodeHealthQuestion(check.service));
    return asking;
  });
}

function faultOfHeaders(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): Outcome | undefined {
  const { ':status': status = 0, 'content-type': type = '' } = headers;
  if (status !== 200) return { code: 'L7STS', message: `HTTP status ${status}` };
  return /^application\/grpc([+;]|$)/.test(type) ? undefined : garbage('something else than gRPC');
}

function judgeAnswer(trailers: IncomingHttpHeaders, message: Buffer): Outcome {
  const code = String(trailers[STATUS_HEADER] ?? '');
  if (!/^[0-9]{1,3}$/.test(code)) return garbage('no gRPC status');
  if (Number(code) !== 0) return { code: 'L7STS', message: describeStatus(Number(code), trailers[MESSAGE_HEADER]) };
  const status = decodeServingStatus(message);
  if (status === undefined) return garbage('no message of the health protocol');
  const word = SERVING_STATUSES[status];
  if (word === undefined) return garbage('a status that the health protocol does not know');
  return word === 'SERVING' ? { code: 'L7OK', message: '' } : { code: 'L7STS', message: word };
}

function describeStatus(code: number, said: string | string[] | undefined): string {
  const name = STATUS_NAMES[code];
  const status = `gRPC status ${code}${name === undefined ? '' : ` ${name}`}`;
  return typeof said === 'string' && said !== '' ? `${status}: ${readable(said)}` : status;
}

function garbage(what: string): Outcome {
  return { code: 'L7RSP', message: `the server answers with ${what}` };
}
