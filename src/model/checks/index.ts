/** How servers are asked, one file for each type of check. */
import type { HttpCheck } from './http.js';
import type { TcpCheck } from './tcp.js';

/** One way to ask a server how it is. */
export interface Check {
  readonly intervalMilliseconds: number;
  readonly timeoutMilliseconds: number;
  /** So many successes in a row make a server that fails pass. */
  readonly rise: number;
  /** So many failures in a row make one that passes fail. */
  readonly fall: number;
  /** Where it asks; `null`: the server's own port. */
  readonly port: number | null;
  readonly method: CheckMethod;
}

export type CheckMethod = HttpCheck | TcpCheck;

export type { HttpCheck } from './http.js';
export type { TcpCheck } from './tcp.js';
export type { TlsSettings } from './tls.js';
