import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answeredSequence, isEcho, writeRequest } from '../../../src/adapters/probes/echo-messages.js';

function answerTo(request: Buffer, type: number): Buffer {
  const answer = Buffer.from(request);
  answer[0] = type;
  return answer;
}

test.each([
  ['IPv4', 8, 0],
  ['IPv6', 128, 129],
] as const)('a request of %s knows its answer, whatever it carries', (family, requestType, answerType) => {
  fc.assert(
    fc.property(fc.nat(65_535), fc.integer({ min: 16, max: 1500 }), (sequence, payloadBytes) => {
      const request = writeRequest(family, sequence, payloadBytes);
      const answer = answerTo(request, answerType);
      expect(request).toHaveLength(8 + payloadBytes);
      expect(request[0]).toBe(requestType);
      expect(answeredSequence(family, answer)).toBe(sequence);
      expect(answeredSequence(family, request)).toBeUndefined();
      expect(isEcho(request, answer)).toBe(true);
      expect(isEcho(writeRequest(family, sequence, payloadBytes), answer)).toBe(false);
      expect(isEcho(request, answer.subarray(0, -1))).toBe(false);
    }),
  );
});

test('a request sums up to nothing, as RFC 1071 wants it', () => {
  fc.assert(
    fc.property(fc.nat(65_535), fc.integer({ min: 16, max: 100 }), (sequence, payloadBytes) => {
      const request = Buffer.concat([writeRequest('IPv4', sequence, payloadBytes), Buffer.alloc(payloadBytes % 2)]);
      let sum = 0;
      for (let i = 0; i < request.length; i += 2) sum += request.readUInt16BE(i);
      while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
      expect(sum).toBe(0xffff);
    }),
  );
});

test('nothing else is taken for an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const sequence = answeredSequence('IPv4', Buffer.from(bytes));
      if (sequence !== undefined) expect([bytes[0], bytes[1]]).toEqual([0, 0]);
    }),
  );
});
