import type { Target, Verdict } from '../../health/index.js';

/** What a probe found; how long it took is measured by who started it. */
export type Outcome = Omit<Verdict, 'latencyMilliseconds'>;

/** A probe under way. It ends with one outcome, unless it is given up before. */
export interface RunningProbe {
  /** Its time is up: frees all that it has, and says how far it came. */
  expire(): Outcome;
}

/** Starts one probe. `end` is called at most once, never during the call, and not after `expire`. */
export type StartProbe = (target: Target, end: (outcome: Outcome) => void) => RunningProbe;

/** How far a probe came: what it waits for. */
export type Layer = 'L4' | 'L6' | 'L7';

export function lateOutcome(layer: Layer): Outcome {
  switch (layer) {
    case 'L4':
      return { code: 'L4TOUT', message: 'no connection in time' };
    case 'L6':
      return { code: 'L6TOUT', message: 'no TLS session in time' };
    case 'L7':
      return { code: 'L7TOUT', message: 'no answer in time' };
  }
}

/** What an error of a socket says. */
export function failedOutcome(layer: Layer, error: NodeJS.ErrnoException): Outcome {
  const message = messageOf(error);
  switch (error.code) {
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOBUFS':
    case 'ENOMEM':
    case 'EADDRNOTAVAIL':
    case 'EADDRINUSE':
    case 'EAGAIN':
    case 'EAFNOSUPPORT':
    case 'EPERM':
    case 'EACCES':
      return { code: 'SOCKERR', message };
    case 'ETIMEDOUT':
      return lateOutcome(layer);
    default:
      return { code: layer === 'L4' ? 'L4CON' : layer === 'L6' ? 'L6RSP' : 'L7RSP', message };
  }
}

const LONGEST_MESSAGE = 200;

function messageOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'connection reset';
    case 'EHOSTUNREACH':
      return 'host unreachable';
    case 'ENETUNREACH':
      return 'network unreachable';
    case 'EMFILE':
    case 'ENFILE':
      return 'this host has too many open files';
    case 'EADDRNOTAVAIL':
    case 'EADDRINUSE':
      return 'this host has no free port or address';
    case 'EAGAIN':
      return 'this host has too much to send already';
    default:
      return readable(message);
  }
}

/** What a server said as part of a message: no more than a line of it, and nothing that a terminal would obey. */
export function readable(text: string): string {
  return text.slice(0, LONGEST_MESSAGE).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
