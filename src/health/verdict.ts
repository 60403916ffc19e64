/**
 * How far a probe came and what it met, in HAProxy's words: L4 is the connection, L6 is TLS, L7 is what is said over it;
 * OK, TOUT is too late, CON is refused or unreachable, RSP is a wrong answer, STS a wrong status. SOCKERR: this host could
 * not ask, for want of memory, ports or files.
 */
export type VerdictCode =
  'L4OK' | 'L4TOUT' | 'L4CON' | 'L6TOUT' | 'L6RSP' | 'L7OK' | 'L7TOUT' | 'L7RSP' | 'L7STS' | 'SOCKERR';

/** What one probe found. */
export interface Verdict {
  readonly code: VerdictCode;
  readonly latencyMilliseconds: number;
  /** What it was that failed; empty where nothing did. */
  readonly message: string;
}

export function passes({ code }: Verdict): boolean {
  return code === 'L4OK' || code === 'L7OK';
}
