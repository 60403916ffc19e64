/** A datagram, and what comes back. Bytes are in hexadecimal. */
export interface UdpCheck {
  readonly type: 'UDP';
  /** What the datagram holds; empty: nothing. */
  readonly sendHex: string;
  /** What the answer contains; empty: nobody has to answer, as long as nobody refuses. */
  readonly expectHex: string;
}
