import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { DnsCheck } from '../../model/index.js';
import { Attempt } from './attempt.js';
import { openTcp, resetTcp } from './connection.js';
import { openDatagrams } from './datagrams.js';
import type * as DnsMessages from './dns-messages.js';
import type { Endpoint } from './native-sockets.js';
import { readable } from './probe.js';
import type { Outcome, RunningProbe } from './probe.js';

/** Over TCP this many bytes before a message say how long it is. */
const LENGTH_BYTES = 2;
/** So many datagrams that answer something else are overlooked: somebody may want to answer in the server's place. */
const MAXIMUM_FOREIGN = 16;

/** Asks a name server one question, over UDP, and over TCP where the answer is too long for that. */
export function startDnsProbe(endpoint: Endpoint, check: DnsCheck, end: (outcome: Outcome) => void): RunningProbe {
  const attempt = new Attempt(end);
  // Few have such checks, and the start of all others would wait for it.
  void import('./dns-messages.js').then((messages) => {
    if (attempt.isOver) return;
    const question = messages.writeQuestion(randomInt(65_536), check);
    const asking: Asking = { attempt, endpoint, check, messages, question };
    if (check.transport === 'TCP') askOverTcp(asking);
    else askOverUdp(asking);
  });
  return attempt;
}

interface Asking {
  readonly attempt: Attempt;
  readonly endpoint: Endpoint;
  readonly check: DnsCheck;
  readonly messages: typeof DnsMessages;
  readonly question: Buffer;
}

function askOverUdp(asking: Asking): void {
  const { attempt, endpoint, messages, question, check } = asking;
  openDatagrams(attempt, endpoint, (socket) => {
    let foreign = 0;
    socket.on('message', (bytes) => {
      const reading = messages.readAnswer(bytes, question, check.recordType);
      if (reading.kind === 'Truncated') {
        socket.removeAllListeners('message');
        askOverTcp(asking);
      } else if (reading.kind !== 'Foreign' || ++foreign > MAXIMUM_FOREIGN) judge(asking, reading);
    });
    socket.send(question);
  });
}

function askOverTcp(asking: Asking): void {
  const { attempt, endpoint, question } = asking;
  attempt.layer = 'L4';
  const socket = openTcp(endpoint);
  attempt.hold(() => {
    resetTcp(socket);
  });
  socket.on('error', (error) => {
    attempt.fail(error);
  });
  socket.on('connect', () => {
    attempt.layer = 'L7';
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(question.length);
    socket.write(Buffer.concat([length, question]));
    readOverTcp(asking, socket);
  });
}

function readOverTcp(asking: Asking, socket: Socket): void {
  const { attempt, messages, question, check } = asking;
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < LENGTH_BYTES) return;
    const end = LENGTH_BYTES + received.readUInt16BE(0);
    if (end - LENGTH_BYTES > messages.MAXIMUM_DNS_BYTES) judge(asking, { kind: 'Broken' });
    else if (received.length >= end)
      judge(asking, messages.readAnswer(received.subarray(LENGTH_BYTES, end), question, check.recordType));
  });
  socket.on('end', () => {
    attempt.finish({ code: 'L7RSP', message: 'the server closed before it answered' });
  });
}

function judge({ attempt, check, messages }: Asking, reading: DnsMessages.DnsReading): void {
  attempt.finish(outcomeOf(reading, check, messages));
}

function outcomeOf(reading: DnsMessages.DnsReading, check: DnsCheck, messages: typeof DnsMessages): Outcome {
  switch (reading.kind) {
    case 'Foreign':
      return { code: 'L7RSP', message: 'the answer is to another question' };
    case 'Truncated':
      return { code: 'L7RSP', message: 'the answer is cut off' };
    case 'Broken':
      return { code: 'L7RSP', message: 'the answer cannot be read' };
    case 'Answer': {
      const { responseCode, records } = reading;
      if (responseCode !== check.responseCode) return { code: 'L7STS', message: responseCode };
      if (check.answer === '' || messages.hasRecord(records, check)) return { code: 'L7OK', message: '' };
      const found = records.length === 0 ? `no ${check.recordType} record` : readable(records.join(', '));
      return { code: 'L7RSP', message: `the answer is ${found}` };
    }
  }
}
