import { decode, encode, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet';
import type { Answer, Packet } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import type { DnsCheck } from '../../../src/model/index.js';
import { canMark } from './marks.js';
import { closedPort, probe, probeTarget, serve, target } from './servers.js';
import { closedDatagramPort, reply, serveDatagrams } from './udp-servers.js';

const ROOT: DnsCheck = {
  type: 'DNS',
  name: '.',
  recordType: 'SOA',
  responseCode: 'NOERROR',
  answer: '',
  transport: 'UDP',
};
const WEB: DnsCheck = { ...ROOT, name: 'www.example.org', recordType: 'A', answer: '192.0.2.2' };
const RECORDS: Answer[] = [
  { type: 'A', name: 'www.example.org', data: '192.0.2.1' },
  { type: 'A', name: 'www.example.org', data: '192.0.2.2' },
];

/** The answer to a question. */
function answering(question: Buffer, some: Packet = {}): Packet {
  const { id = 0, questions = [] } = decode(question);
  return { type: 'response', id, questions, answers: RECORDS, ...some };
}

/** A name server over UDP that gives these answers, in order. */
function serveDns(...answers: readonly ((question: Buffer) => Buffer)[]): Promise<number> {
  return serveDatagrams((socket, question, from) => {
    reply(...answers.map((answer) => answer(question)))(socket, question, from);
  });
}

const honest = (question: Buffer): Buffer => encode(answering(question));
const empty =
  (flags: number) =>
  (question: Buffer): Buffer =>
    encode(answering(question, { answers: [], flags }));

/** The next question over TCP, without its length. */
function serveStream(answer: (question: Buffer) => Buffer | string): Promise<number> {
  return serve((socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 2 && received.length === 2 + received.readUInt16BE(0))
        socket.write(answer(received.subarray(2)));
    });
  });
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe('a DNS probe', () => {
  test('passes by any answer where none is expected, without records too', async () => {
    expect(await probe(ROOT, await serveDns(honest))).toBe('L7OK');
    expect(await probe(ROOT, await serveDns(empty(0)))).toBe('L7OK');
  });

  test('passes by the record that is expected, among others', async () => {
    expect(await probe(WEB, await serveDns(honest))).toBe('L7OK');
    expect(await probe({ ...WEB, answer: '192.0.2.3' }, await serveDns(honest))).toBe(
      'L7RSP the answer is 192.0.2.1, 192.0.2.2',
    );
    expect(await probe(WEB, await serveDns(empty(0)))).toBe('L7RSP the answer is no A record');
  });

  test('takes the response code that it is told to take, and no other', async () => {
    expect(await probe(ROOT, await serveDns(empty(2)))).toBe('L7STS SERVFAIL');
    expect(await probe({ ...ROOT, responseCode: 'REFUSED' }, await serveDns(empty(5)))).toBe('L7OK');
    expect(await probe({ ...ROOT, responseCode: 'REFUSED' }, await serveDns(honest))).toBe('L7STS NOERROR');
  });

  test('asks another question each time', async () => {
    const ids = new Set<number>();
    const port = await serveDns((question) => {
      ids.add(question.readUInt16BE(0));
      return honest(question);
    });
    for (let i = 0; i < 5; i++) await probe(ROOT, port);
    expect(ids.size).toBeGreaterThan(2);
  });

  test('overlooks what somebody else says, for a while', async () => {
    const wrongNumber = (question: Buffer): Buffer =>
      encode(answering(question, { id: (question.readUInt16BE(0) + 1) & 0xffff, flags: 2 }));
    const wrongName = (question: Buffer): Buffer =>
      encode(answering(question, { questions: [{ type: 'A', name: 'other.example.org' }], flags: 2 }));
    const noise = (): Buffer => Buffer.from('noise');
    expect(await probe(WEB, await serveDns(wrongNumber, wrongName, noise, honest))).toBe('L7OK');
    expect(await probe(WEB, await serveDns(wrongNumber, wrongName, noise))).toBe('L7TOUT no answer in time');
    const flood = Array.from({ length: 1000 }, () => wrongNumber);
    expect(await probe(WEB, await serveDns(...flood), 5000)).toBe('L7RSP the answer is to another question');
  });

  test('fails where the server is silent, says what cannot be read, or is not there', async () => {
    expect(await probe(WEB, await serveDatagrams(() => undefined))).toBe('L7TOUT no answer in time');
    const cut = (question: Buffer): Buffer => honest(question).subarray(0, -3);
    expect(await probe(WEB, await serveDns(cut))).toBe('L7RSP the answer cannot be read');
    expect(await probe(WEB, await closedDatagramPort())).toBe('L4CON connection refused');
  });

  test('asks over TCP where the answer is too long for a datagram', async () => {
    const port = await serveStream((question) => streamEncode(answering(question)));
    const truncated = (question: Buffer): Buffer =>
      encode(answering(question, { answers: [], flags: TRUNCATED_RESPONSE }));
    await serveAlsoDatagrams(port, truncated);
    expect(await probe(WEB, port)).toBe('L7OK');
  });

  test('fails where there is nobody over TCP then', async () => {
    const port = await serveDns((question) => encode(answering(question, { flags: TRUNCATED_RESPONSE })));
    expect(await probe(WEB, port)).toBe('L4CON connection refused');
  });
});

/** Name servers have the same port by either protocol. */
async function serveAlsoDatagrams(port: number, answer: (question: Buffer) => Buffer): Promise<void> {
  const { createSocket } = await import('node:dgram');
  const socket = createSocket('udp4');
  closing.push(() => socket.close());
  socket.on('message', (question, from) => {
    socket.send(answer(question), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
}

describe('a DNS probe over TCP', () => {
  const OVER_TCP: DnsCheck = { ...WEB, transport: 'TCP' };

  test('passes by the record that is expected, in however many pieces it comes', async () => {
    const port = await serveStream((question) => streamEncode(answering(question)));
    expect(await probe(OVER_TCP, port)).toBe('L7OK');
    const slow = await serve((socket) => {
      socket.once('data', (question: Buffer) => {
        const bytes = streamEncode(answering(question.subarray(2)));
        socket.write(bytes.subarray(0, 1));
        setTimeout(() => socket.write(bytes.subarray(1, 30)), 10);
        setTimeout(() => socket.write(bytes.subarray(30)), 20);
      });
    });
    expect(await probe(OVER_TCP, slow)).toBe('L7OK');
  });

  test.each([
    ['says nothing', '', 'L7TOUT no answer in time'],
    ['announces more than it says', '\x00\xff abc', 'L7TOUT no answer in time'],
    ['announces too much', '\xff\xff', 'L7RSP the answer cannot be read'],
    ['announces nothing', '\x00\x00', 'L7RSP the answer is to another question'],
    ['speaks another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'L7RSP the answer cannot be read'],
  ])('fails where the server %s', async (_, text, expected) => {
    const port = await serveStream(() => (text === '' ? Buffer.alloc(0) : Buffer.from(text, 'latin1')));
    expect(await probe(OVER_TCP, port)).toBe(expected);
  });

  test('fails where the server answers something else, cuts it off, or closes', async () => {
    const other = await serveStream((question) => streamEncode(answering(question, { id: 1 })));
    expect(await probe(OVER_TCP, other)).toBe('L7RSP the answer is to another question');
    const cut = await serveStream((question) => streamEncode(answering(question, { flags: TRUNCATED_RESPONSE })));
    expect(await probe(OVER_TCP, cut)).toBe('L7RSP the answer is cut off');
    expect(await probe(OVER_TCP, await serve((socket) => socket.end()))).toBe(
      'L7RSP the server closed before it answered',
    );
    expect(await probe(OVER_TCP, await closedPort())).toBe('L4CON connection refused');
  });

  test.skipIf(!canMark())('asks with a mark and from an address', async () => {
    const port = await serveStream((question) => streamEncode(answering(question)));
    const some = { firewallMark: 7, sourceAddress: '127.0.0.2' };
    expect(await probeTarget(target(OVER_TCP, port, some))).toBe('L7OK');
  });
});
