import type { Advice } from './advice.js';

/**
 * How far a probe came and what it met, in HAProxy's words: L4 is the connection, L6 is TLS, L7 is what is said over it,
 * PROC is a program that was run; OK, TOUT is too late, CON is refused or unreachable, RSP is a wrong answer, STS a wrong
 * status, ERR a program that says no. SOCKERR: this host could not ask, for want of memory, ports or files.
 */
export type VerdictCode =
  | 'L4OK'
  | 'L4TOUT'
  | 'L4CON'
  | 'L6TOUT'
  | 'L6RSP'
  | 'L7OK'
  | 'L7TOUT'
  | 'L7RSP'
  | 'L7STS'
  | 'PROCOK'
  | 'PROCERR'
  | 'PROCTOUT'
  | 'SOCKERR';

/** What one probe found. */
export interface Verdict {
  readonly code: VerdictCode;
  readonly latencyMilliseconds: number;
  /** What it was that failed; empty where nothing did. */
  readonly message: string;
  /** What was said of the server besides. */
  readonly advice?: Advice;
  /** It says nothing about the server: who would have told of it was not there, or not to be understood. */
  readonly isInconclusive?: true;
}

export function passes({ code }: Verdict): boolean {
  return code === 'L4OK' || code === 'L7OK' || code === 'PROCOK';
}

/** Whether it says anything about the server. */
export function isConclusive({ code, isInconclusive }: Verdict): boolean {
  return code !== 'SOCKERR' && isInconclusive !== true;
}
