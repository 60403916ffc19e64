import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpCheck } from '../../model/index.js';
import type { Attempt } from './attempt.js';
import { heedWeight, InterimCount, judgeBody, judgeStatus, MAXIMUM_HEADER_BYTES } from './http-answer.js';

/** Asks for the page with HTTP/1.1. The request ends with the stream. */
export function askHttp1(attempt: Attempt, stream: Socket, check: HttpCheck, authority: string): void {
  const { verb, path, headers } = check;
  const asking = request({
    createConnection: () => stream,
    method: verb,
    path,
    maxHeaderSize: MAXIMUM_HEADER_BYTES,
    setHost: false,
    headers: {
      host: authority,
      'user-agent': 'ipvs-operator',
      accept: '*/*',
      connection: 'close',
      ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    },
  });
  asking.on('error', (error) => {
    attempt.fail(error);
  });
  const interim = new InterimCount(attempt);
  asking.on('information', () => {
    interim.note();
  });
  asking.on('upgrade', () => {
    if (judgeStatus(attempt, 101, check)) return;
    attempt.finish({ code: 'L7RSP', message: 'the server changes the protocol' });
  });
  let progress = 'without an answer';
  asking.on('response', (response) => {
    progress = 'in the midst of its answer';
    heedWeight(attempt, response.headers, check);
    if (!judgeStatus(attempt, response.statusCode ?? 0, check)) judgeBody(attempt, response, check);
  });
  asking.on('close', () => {
    attempt.finish({ code: 'L7RSP', message: `the server closed ${progress}` });
  });
  asking.end();
}
