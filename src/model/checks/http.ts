import type { TlsSettings } from './tls.js';

/** A page that is asked for. */
export interface HttpCheck {
  readonly type: 'HTTP';
  /** HTTP/2 is agreed upon with ALPN; without TLS the server has to know. */
  readonly version: 'HTTP/1.1' | 'HTTP/2';
  readonly verb: 'GET' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  /** `null`: the server's address. */
  readonly host: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Inclusive on both ends. */
  readonly statuses: readonly { readonly first: number; readonly last: number }[];
  /** Text that the body contains; empty for any. */
  readonly bodyText: string;
  /** A regular expression that the body matches; empty for any. */
  readonly bodyPattern: string;
  /** The SHA-256 of the whole body in lower-case hexadecimal digits; empty for any. */
  readonly bodyDigest: string;
  /** The header, in lower case, in which the server says its weight; empty for none. */
  readonly weightHeader: string;
  /** `null`: plain HTTP. */
  readonly tls: TlsSettings | null;
}
