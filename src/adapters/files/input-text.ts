import type { Issue } from '../../errors/index.js';

/** What may stand behind one `-f`: more is not a configuration. */
export const MAXIMUM_INPUT_BYTES = 64 * 1024 * 1024;

export type InputResult =
  /** `file` is the path as a person would write it; `<stdin>` for standard input. */
  { readonly kind: 'Text'; readonly file: string; readonly text: string } | InputIssue;

interface InputIssue {
  readonly kind: 'Issue';
  readonly issue: Issue;
}

export function unreadable(file: string, message: string): InputIssue {
  return {
    kind: 'Issue',
    issue: { path: '', reason: 'Unreadable', message, location: { file, line: 0, column: 0 } },
  };
}

export function tooLarge(file: string): InputResult {
  return unreadable(file, `larger than ${MAXIMUM_INPUT_BYTES / 1024 / 1024} MiB, which is the limit for one file`);
}

/** The bytes as UTF-8 text, without a byte order mark. */
export function decodeInput(file: string, bytes: Uint8Array): InputResult {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    return unreadable(file, 'UTF-16 text; expected UTF-8');
  }
  if (bytes.includes(0)) return unreadable(file, 'a binary file; expected UTF-8 text');
  try {
    return { kind: 'Text', file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return unreadable(file, 'not UTF-8 text');
  }
}

/** Whether there is no document in it: white space, comments, markers between documents and directives at the most. */
export function holdsNothing(text: string): boolean {
  return text.split('\n').every((line) => NO_CONTENT.test(line));
}

const NO_CONTENT = /^(?:%.*|(?:---|\.\.\.)?\s*|(?:(?:---|\.\.\.)\s)?\s*#.*)$/;

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
