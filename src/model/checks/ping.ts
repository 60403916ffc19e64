/** An ICMP echo request. */
export interface PingCheck {
  readonly type: 'Ping';
  /** What it carries behind its header. */
  readonly payloadBytes: number;
}
