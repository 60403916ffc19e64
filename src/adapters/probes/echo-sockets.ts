import { addressBytes, addressFamily } from '../../model/index.js';
import type { AddressFamily } from '../../model/index.js';
import { answeredSequence, isEcho, writeRequest } from './echo-messages.js';
import { createEchoSocket, mismatchOf, routeOf, socketError } from './native-sockets.js';
import type { Endpoint, NativeEchoSocket, Route } from './native-sockets.js';

const SEQUENCES = 65_536;

interface Waiting {
  readonly to: Uint8Array;
  readonly request: Buffer;
  readonly onAnswer: () => void;
}

/** The sockets of all pings under way: those that leave this host in the same way share one. */
export class EchoSockets {
  readonly #shared = new Map<string, SharedSocket>();

  /** Sends a request, and calls back once at its answer. Returns what gives it up, or why it is not sent. */
  send(endpoint: Endpoint, payloadBytes: number, onAnswer: () => void): (() => void) | Error {
    const mismatch = mismatchOf(endpoint);
    if (mismatch !== undefined) return mismatch;
    const { address, check } = endpoint;
    const family = addressFamily(address);
    const key = `${family} ${check.sourceAddress ?? ''} ${check.firewallMark ?? 0}`;
    const shared =
      this.#shared.get(key) ?? SharedSocket.open(family, routeOf(endpoint), () => this.#shared.delete(key));
    if (shared instanceof Error) return shared;
    this.#shared.set(key, shared);
    return shared.send(addressBytes(address), payloadBytes, onAnswer);
  }
}

/** Is closed when nobody waits any more. */
class SharedSocket {
  readonly #family: AddressFamily;
  readonly #socket: NativeEchoSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onClosed: () => void;
  #sequence = 0;

  static open(family: AddressFamily, { isIPv6, source, mark }: Route, onClosed: () => void): SharedSocket | Error {
    const shared = new SharedSocket(family, onClosed);
    const errno = shared.#socket.open(isIPv6, source, mark);
    return errno === 0 ? shared : openError(errno);
  }

  private constructor(family: AddressFamily, onClosed: () => void) {
    this.#family = family;
    this.#onClosed = onClosed;
    this.#socket = createEchoSocket((packet) => {
      this.#take(packet);
    });
  }

  send(to: Uint8Array, payloadBytes: number, onAnswer: () => void): (() => void) | Error {
    const sequence = this.#freeSequence();
    const request = writeRequest(this.#family, sequence, payloadBytes);
    const waiting = { to, request, onAnswer };
    this.#waiting.set(sequence, waiting);
    const forget = (): void => {
      if (this.#waiting.get(sequence) === waiting) this.#forget(sequence);
    };
    const errno = this.#socket.send(to, request);
    if (errno === 0) return forget;
    forget();
    return socketError(errno);
  }

  /** There always is one: fewer probes run at once. */
  #freeSequence(): number {
    do this.#sequence = (this.#sequence + 1) % SEQUENCES;
    while (this.#waiting.has(this.#sequence));
    return this.#sequence;
  }

  #take(packet: Uint8Array): void {
    const addressLength = this.#family === 'IPv4' ? 4 : 16;
    const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
    const message = bytes.subarray(addressLength);
    const sequence = answeredSequence(this.#family, message);
    const waiting = sequence === undefined ? undefined : this.#waiting.get(sequence);
    if (sequence === undefined || waiting === undefined) return;
    if (!bytes.subarray(0, addressLength).equals(waiting.to) || !isEcho(waiting.request, message)) return;
    this.#forget(sequence);
    waiting.onAnswer();
  }

  #forget(sequence: number): void {
    this.#waiting.delete(sequence);
    if (this.#waiting.size > 0) return;
    this.#socket.close();
    this.#onClosed();
  }
}

function openError(errno: number): Error {
  const error = socketError(errno);
  if (!('code' in error) || error.code !== 'EACCES') return error;
  const text = "no ping without CAP_NET_RAW, or this process's group in the sysctl net.ipv4.ping_group_range";
  return Object.assign(new Error(text), { code: 'EACCES' });
}
