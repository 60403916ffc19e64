import { decode, encode, RECURSION_DESIRED } from 'dns-packet';
import type { DnsCheck } from '../../model/index.js';
import { normalText, recordsOf, recordText } from './dns-records.js';

/** What a message is to who asked. */
export type DnsReading =
  /** It answers another question, or none: on a path that others can write to it may come from anybody. */
  | { readonly kind: 'Foreign' }
  /** It is cut off: over TCP there is room for all of it. */
  | { readonly kind: 'Truncated' }
  | { readonly kind: 'Broken' }
  /** What the name's records of the type that was asked for say. */
  | { readonly kind: 'Answer'; readonly responseCode: string; readonly records: readonly string[] };

const HEADER_BYTES = 12;
const FLAGS = 2;
const QUESTIONS = 4;
const AUTHORITIES = 8;
const ADDITIONALS = 10;
const IS_RESPONSE = 0x8000;
const OPERATION = 0x7800;
const IS_TRUNCATED = 0x0200;

/** Answers that are longer are broken: reading takes longer than in proportion, and they come from anybody. */
export const MAXIMUM_DNS_BYTES = 16_384;

/** The question as one message. */
export function writeQuestion(id: number, { name, recordType }: Pick<DnsCheck, 'name' | 'recordType'>): Buffer {
  return encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ type: recordType, name }] });
}

/** Reads whatever came for an answer to the question. Changes the bytes. */
export function readAnswer(bytes: Buffer, question: Buffer, recordType: DnsCheck['recordType']): DnsReading {
  if (!answers(bytes, question)) return { kind: 'Foreign' };
  const flags = bytes.readUInt16BE(FLAGS);
  if ((flags & IS_TRUNCATED) !== 0) return { kind: 'Truncated' };
  if (bytes.length > MAXIMUM_DNS_BYTES) return { kind: 'Broken' };
  // What else a server says is not for us, and need not be good.
  bytes.writeUInt16BE(0, AUTHORITIES);
  bytes.writeUInt16BE(0, ADDITIONALS);
  try {
    const message = decode(bytes) as ReturnType<typeof decode> & { readonly rcode: string };
    const { rcode, questions: [{ name } = { name: '' }] = [], answers: records = [] } = message;
    // The library reads on behind the end. Where it lost count, that is no number.
    if (!(decode.bytes <= bytes.length)) return { kind: 'Broken' };
    const texts = recordsOf(name, records)
      .map((record) => recordText(record, recordType))
      .filter((text) => text !== undefined);
    return { kind: 'Answer', responseCode: rcode, records: texts };
  } catch {
    // Errors of every kind come from bytes that are no message.
    return { kind: 'Broken' };
  }
}

/** Whether it is a response with the question's number, and begins with the question itself. */
function answers(bytes: Buffer, question: Buffer): boolean {
  if (bytes.length < question.length || bytes.readUInt16BE(0) !== question.readUInt16BE(0)) return false;
  const flags = bytes.readUInt16BE(FLAGS);
  if ((flags & IS_RESPONSE) === 0 || (flags & OPERATION) !== 0 || bytes.readUInt16BE(QUESTIONS) !== 1) return false;
  return questionText(bytes, question.length) === questionText(question, question.length);
}

/** Names are the same in capitals. Nothing else of these bytes changes its meaning so. */
function questionText(bytes: Buffer, end: number): string {
  return bytes.toString('latin1', HEADER_BYTES, end).toLowerCase();
}

/** Whether one of the records says so. */
export function hasRecord(records: readonly string[], { answer, recordType }: DnsCheck): boolean {
  return records.includes(normalText(answer, recordType));
}
