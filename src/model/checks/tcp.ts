/** A connection, and where something is expected, what comes over it. */
export interface TcpCheck {
  readonly type: 'TCP';
  /** Empty: nothing is sent. */
  readonly send: string;
  /** Empty: nothing is awaited. */
  readonly expect: string;
}
