import { encode } from 'dns-packet';
import type { Answer, Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasRecord, MAXIMUM_DNS_BYTES, readAnswer, writeQuestion } from '../../../src/adapters/probes/dns-messages.js';
import type { DnsRecordType } from '../../../src/model/index.js';

const NAME = 'www.example.org';
const QUESTION = writeQuestion(4711, { name: NAME, recordType: 'A' });

function answerWith(records: Answer[], recordType: DnsRecordType = 'A', some: Packet = {}): Buffer {
  return encode({
    type: 'response',
    id: 4711,
    questions: [{ type: recordType, name: NAME }],
    answers: records,
    ...some,
  });
}

function textsOf(record: Answer, recordType: DnsRecordType): readonly string[] | string {
  const question = writeQuestion(4711, { name: NAME, recordType });
  const reading = readAnswer(answerWith([record], recordType), question, recordType);
  return reading.kind === 'Answer' ? reading.records : reading.kind;
}

describe('an answer', () => {
  test.each([
    [{ type: 'A', name: NAME, data: '192.0.2.1' }, '192.0.2.1'],
    [{ type: 'AAAA', name: NAME, data: '2001:db8:0:0:0:0:0:1' }, '2001:db8::1'],
    [{ type: 'CNAME', name: NAME, data: 'Web.Example.ORG' }, 'web.example.org'],
    [{ type: 'NS', name: NAME, data: 'ns1.example.org' }, 'ns1.example.org'],
    [{ type: 'PTR', name: NAME, data: 'host.example.org' }, 'host.example.org'],
    [{ type: 'MX', name: NAME, data: { preference: 10, exchange: 'mail.example.org' } }, '10 mail.example.org'],
    [
      { type: 'SRV', name: NAME, data: { priority: 1, weight: 2, port: 5060, target: 'sip.example.org' } },
      '1 2 5060 sip.example.org',
    ],
    [
      {
        type: 'SOA',
        name: NAME,
        data: {
          mname: 'ns1.example.org',
          rname: 'admin.example.org',
          serial: 7,
          refresh: 1,
          retry: 2,
          expire: 3,
          minimum: 4,
        },
      },
      'ns1.example.org admin.example.org 7 1 2 3 4',
    ],
    [{ type: 'TXT', name: NAME, data: ['v=spf1 ', '-ALL'] }, 'v=spf1 -ALL'],
  ] as [Answer & { type: DnsRecordType }, string][])('says what its record of the type $type says', (record, text) => {
    expect(textsOf(record, record.type)).toEqual([text]);
  });

  test('is of the type that was asked for, whatever else comes along', () => {
    const records: Answer[] = [
      { type: 'CNAME', name: NAME, data: 'web.example.org' },
      { type: 'A', name: 'web.example.org', data: '192.0.2.2' },
    ];
    expect(readAnswer(answerWith(records), QUESTION, 'A')).toEqual({
      kind: 'Answer',
      responseCode: 'NOERROR',
      records: ['192.0.2.2'],
    });
  });

  test('is that of the name and of its aliases, in any order, not of others', () => {
    const records: Answer[] = [
      { type: 'A', name: 'web.example.org', data: '192.0.2.2' },
      { type: 'A', name: 'other.example.org', data: '192.0.2.3' },
      { type: 'CNAME', name: 'Alias.example.org', data: 'WEB.example.org' },
      { type: 'CNAME', name: NAME, data: 'alias.example.org' },
      { type: 'CNAME', name: 'web.example.org', data: NAME },
    ];
    expect(readAnswer(answerWith(records), QUESTION, 'A')).toMatchObject({ records: ['192.0.2.2'] });
  });

  test('may be none', () => {
    const reading = readAnswer(answerWith([], 'A', { flags: 3 }), QUESTION, 'A');
    expect(reading).toEqual({ kind: 'Answer', responseCode: 'NXDOMAIN', records: [] });
  });

  test('may write the question in other letters', () => {
    const questions = [{ type: 'A' as const, name: 'WWW.Example.org' }];
    expect(readAnswer(answerWith([], 'A', { questions }), QUESTION, 'A').kind).toBe('Answer');
  });

  test.each([
    ['has another number', { id: 4712 }],
    ['is a question', { type: 'query' as const }],
    ['is to another name', { questions: [{ type: 'A' as const, name: 'www.example.net' }] }],
    ['is to another type', { questions: [{ type: 'AAAA' as const, name: NAME }] }],
    ['is to no question', { questions: [] }],
    [
      'is to two questions',
      {
        questions: [
          { type: 'A' as const, name: NAME },
          { type: 'A' as const, name: 'b' },
        ],
      },
    ],
    ['is of another operation', { flags: 2 << 11 }],
  ])('that %s is somebody else’s', (_, some: Packet) => {
    expect(readAnswer(answerWith([], 'A', some), QUESTION, 'A')).toEqual({ kind: 'Foreign' });
  });

  test('that is cut off says so, even where a record is cut in two', () => {
    const whole = answerWith([{ type: 'A', name: NAME, data: '192.0.2.1' }], 'A', { flags: 0x200 });
    expect(readAnswer(whole.subarray(0, -3), QUESTION, 'A')).toEqual({ kind: 'Truncated' });
  });

  test('is read though what comes behind it cannot be', () => {
    const bytes = answerWith([{ type: 'A', name: NAME, data: '192.0.2.1' }]);
    bytes.writeUInt16BE(65_535, 8);
    bytes.writeUInt16BE(65_535, 10);
    expect(readAnswer(bytes, QUESTION, 'A')).toMatchObject({ kind: 'Answer', records: ['192.0.2.1'] });
  });
});

test.each([
  ['192.0.2.1', 'A', '192.0.2.1'],
  ['2001:db8::1', 'AAAA', '2001:DB8:0::1'],
  ['web.example.org', 'CNAME', 'Web.example.org.'],
  ['10 mail.example.org', 'MX', '10 MAIL.example.org.'],
] as const)('that a record says %s is expected in other words, too', (record, recordType, answer) => {
  const check = { type: 'DNS', name: NAME, recordType, responseCode: 'NOERROR', answer, transport: 'UDP' } as const;
  expect(hasRecord([record], check)).toBe(true);
  expect(hasRecord([`${record}1`], check)).toBe(false);
});

test('texts are the same only in the same letters', () => {
  const check = { type: 'DNS', name: NAME, recordType: 'TXT', responseCode: 'NOERROR', transport: 'UDP' } as const;
  expect(hasRecord(['Ok.'], { ...check, answer: 'Ok.' })).toBe(true);
  expect(hasRecord(['Ok.'], { ...check, answer: 'ok' })).toBe(false);
});

/** The question with an answer's flags and counts, and behind it anything. */
function answerOf(counts: readonly [number, number, number], rest: Uint8Array): Buffer {
  const bytes = Buffer.concat([QUESTION, rest]);
  bytes.writeUInt16BE(0x8180, 2);
  counts.forEach((count, i) => bytes.writeUInt16BE(count, 6 + 2 * i));
  return bytes;
}

const count = fc.oneof(fc.nat(3), fc.nat(65_535));

test('whatever bytes come, they are read as something', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.tuple(count, count, count), fc.uint8Array({ maxLength: 600 }), (counts, rest) => {
      for (const recordType of ['A', 'TXT', 'SOA', 'SRV'] as const)
        kinds.add(readAnswer(answerOf(counts, rest), QUESTION, recordType).kind);
      kinds.add(readAnswer(Buffer.from(rest), QUESTION, 'A').kind);
    }),
    { numRuns: 2000 },
  );
  expect([...kinds].sort()).toEqual(['Answer', 'Broken', 'Foreign']);
});

test('an answer that was changed in any place is read as something', () => {
  const good = answerWith([
    { type: 'CNAME', name: NAME, data: 'web.example.org' },
    { type: 'A', name: 'web.example.org', data: '192.0.2.2' },
    { type: 'TXT', name: NAME, data: ['a', 'b'] },
    { type: 'SOA', name: NAME, data: { mname: 'a.b', rname: 'c.d' } },
  ]);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
      const bytes = Buffer.from(good.subarray(0, Math.max(length, QUESTION.length)));
      bytes[at] = byte;
      expect(['Answer', 'Broken', 'Foreign', 'Truncated']).toContain(readAnswer(bytes, QUESTION, 'A').kind);
    }),
    { numRuns: 2000 },
  );
});

describe('an answer that wants to take long', () => {
  const HEADER = 12;
  const pointer = (to: number): readonly number[] => [0xc0 | (to >> 8), to & 0xff];

  test('by a name that points at itself is broken', () => {
    const own = QUESTION.length;
    const record = Uint8Array.from([...pointer(own), 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]);
    expect(readAnswer(answerOf([1, 0, 0], record), QUESTION, 'A')).toEqual({ kind: 'Broken' });
  });

  test('by names that point at names that point at names is read in no time, or broken', () => {
    const half = Math.floor(MAXIMUM_DNS_BYTES / 2);
    const chain: number[] = [0, 0, 1, 0, 1, 0, 0, 0, 0, ...[half >> 8, half & 0xff]];
    const first = QUESTION.length + chain.length;
    for (let at = first; at < first + half; at += 2) chain.push(...pointer(Math.max(at - 2, HEADER)));
    const last = first + half - 2;
    while (chain.length + QUESTION.length + 12 <= MAXIMUM_DNS_BYTES)
      chain.push(...pointer(last), 0, 1, 0, 1, 0, 0, 0, 0, 0, 0);
    const started = performance.now();
    const reading = readAnswer(answerOf([700, 0, 0], Uint8Array.from(chain)), QUESTION, 'A');
    expect(['Answer', 'Broken']).toContain(reading.kind);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('by its length is broken', () => {
    expect(readAnswer(answerOf([0, 0, 0], new Uint8Array(60_000)), QUESTION, 'A')).toEqual({ kind: 'Broken' });
  });
});
