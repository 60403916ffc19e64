import { createContext, Script } from 'node:vm';

/** A pattern that is still at it then would hold up everything else. */
const MATCH_MILLISECONDS = 50;

const matching = new Script('new RegExp(pattern).test(text)');

/**
 * Whether the text matches the pattern, which may come from anybody; `undefined` where that takes too long: some patterns
 * take for ever on some texts.
 */
export function matchesPattern(text: string, pattern: string): boolean | undefined {
  try {
    return matching.runInContext(createContext({ text, pattern }), { timeout: MATCH_MILLISECONDS }) === true;
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  }
}

/** It may be an error of the other context, whose Error is another class. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
