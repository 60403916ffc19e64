import { randomFillSync } from 'node:crypto';

/** ICMP echo messages, the same in both families but for the types. */

const HEADER_BYTES = 8;
const CHECKSUM = 2;
const SEQUENCE = 6;
const TYPES = { IPv4: { request: 8, answer: 0 }, IPv6: { request: 128, answer: 129 } } as const;

/** So many first bytes of a payload tell one request from all others; the rest is zeros. */
const MINIMUM_PAYLOAD_BYTES = 16;

/** A request whose answer nobody can guess. The identifier and, over IPv6, the checksum are the kernel's business. */
export function writeRequest(family: 'IPv4' | 'IPv6', sequence: number, payloadBytes: number): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + payloadBytes);
  message[0] = TYPES[family].request;
  message.writeUInt16BE(sequence, SEQUENCE);
  randomFillSync(message, HEADER_BYTES, MINIMUM_PAYLOAD_BYTES);
  message.writeUInt16BE(checksum(message), CHECKSUM);
  return message;
}

/** Which request a message claims to answer; `undefined` where it is no answer. */
export function answeredSequence(family: 'IPv4' | 'IPv6', message: Buffer): number | undefined {
  if (message.length < HEADER_BYTES || message[0] !== TYPES[family].answer || message[1] !== 0) return undefined;
  return message.readUInt16BE(SEQUENCE);
}

/** Whether the answer brings back what the request carried. */
export function isEcho(request: Buffer, answer: Buffer): boolean {
  return request.subarray(HEADER_BYTES).equals(answer.subarray(HEADER_BYTES));
}

/** The one's complement of the sum of 16-bit words, RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  if (bytes.length % 2 === 1) sum += (bytes.at(-1) ?? 0) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
