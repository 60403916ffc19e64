/**
 * The two messages of grpc.health.v1.Health/Check, framed as gRPC frames them: whether it is compressed in a byte, its
 * length in four, the message.
 */

const FRAME_HEADER_BYTES = 5;
/** An answer is two bytes long; newer versions may have more fields. */
export const MAXIMUM_ANSWER_BYTES = 4096;

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const MAXIMUM_TAG = 0xffffffff;
const SERVICE_FIELD = 1;
const STATUS_FIELD = 1;

/** `HealthCheckRequest { string service = 1; }`; an empty service is the server as a whole. */
export function encodeHealthQuestion(service: string): Buffer {
  const name = Buffer.from(service);
  const message =
    name.length === 0
      ? name
      : Buffer.concat([Buffer.from([(SERVICE_FIELD << 3) | WIRE.bytes, ...varint(name.length)]), name]);
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** `HealthCheckResponse { ServingStatus status = 1; }`; `undefined` where the bytes are not exactly one such message. */
export function decodeServingStatus(frame: Buffer): number | undefined {
  if (frame.length < FRAME_HEADER_BYTES || frame[0] !== 0) return undefined;
  if (frame.readUInt32BE(1) !== frame.length - FRAME_HEADER_BYTES) return undefined;
  // What has its default value is not sent.
  let status = 0;
  for (let at = FRAME_HEADER_BYTES; at < frame.length;) {
    const tag = readVarint(frame, at);
    if (tag === undefined || tag.value > MAXIMUM_TAG) return undefined;
    const field = readField(frame, tag.next, tag.value & 7);
    if (field === undefined) return undefined;
    if (tag.value >>> 3 === STATUS_FIELD) {
      if ((tag.value & 7) !== WIRE.varint) return undefined;
      status = field.value;
    }
    at = field.next;
  }
  return status;
}

interface Read {
  /** Of a varint; 0 of anything else, which is passed over. */
  readonly value: number;
  readonly next: number;
}

function readField(frame: Buffer, at: number, wireType: number): Read | undefined {
  switch (wireType) {
    case WIRE.varint:
      return readVarint(frame, at);
    case WIRE.fixed64:
      return passOver(frame, at + 8);
    case WIRE.fixed32:
      return passOver(frame, at + 4);
    case WIRE.bytes: {
      const length = readVarint(frame, at);
      return length && passOver(frame, length.next + length.value);
    }
    default:
      return undefined;
  }
}

function passOver(frame: Buffer, next: number): Read | undefined {
  return next <= frame.length ? { value: 0, next } : undefined;
}

/** At most ten bytes. Of larger numbers than there are here the upper bits do not matter: none of them is known. */
function readVarint(frame: Buffer, start: number): Read | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = frame[start + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: start + i + 1 };
  }
  return undefined;
}
