import type { RealServer } from './real-server.js';

/** What of a virtual service decides from moment to moment which of its real servers take new connections. */
export interface ServicePolicy {
  /** All must pass; none: every server passes. */
  readonly checks: readonly Check[];
  /** What a server is until its first verdict. */
  readonly initialState: 'Passing' | 'Failing';
  /** Whether a server that fails goes, or keeps its connections with weight 0. */
  readonly onFailure: 'Remove' | 'ZeroWeight';
  readonly quorum: Quorum;
  /** Without sorry servers, when every server fails: remove them all, or keep them all. */
  readonly whenNoneAvailable: 'Drop' | 'KeepAll';
  /** These stand in for the real servers while the quorum is lost. */
  readonly sorryServers: readonly RealServer[];
  /** How long a server that is removed may keep its connections; `null`: it goes at once. */
  readonly drainMilliseconds: number | null;
  /** How long the weight of a server that comes back rises; `null`: it does not. Otherwise weights count 100 times. */
  readonly slowStartMilliseconds: number | null;
}

export interface Quorum {
  /** Whether healthy servers are counted, or their weights. */
  readonly measure: 'Count' | 'Weight';
  readonly minimum: number;
  /** A lost quorum is back when the minimum is exceeded by this much. */
  readonly hysteresis: number;
}

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

export type CheckMethod = TcpCheck | HttpCheck;

/** A connection, and where something is expected, what comes over it. */
export interface TcpCheck {
  readonly type: 'TCP';
  /** Empty: nothing is sent. */
  readonly send: string;
  /** Empty: nothing is awaited. */
  readonly expect: string;
}

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

export interface TlsSettings {
  /** The name that is asked for and looked for in the certificate; `null`: the host's, else the server's address. */
  readonly serverName: string | null;
  /** Whether the certificate has to be good. */
  readonly isVerified: boolean;
  /** Certificates in PEM that the server's is traced back to; `null`: those that the host trusts. */
  readonly trusted: string | null;
}
