import type { TlsSettings } from './tls.js';

/** A page that is asked for. */
export interface HttpCheck {
  readonly type: 'HTTP';
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
  /** `null`: plain HTTP. */
  readonly tls: TlsSettings | null;
}
