/** A line in the words of HAProxy's agents, from whoever knows the server. */
export interface AgentCheck {
  readonly type: 'Agent';
  /** Empty: nothing is sent. */
  readonly send: string;
}
