import type { CliContext } from '../context.js';
import type { TextSink } from '../text-sink.js';

/** Colour is for terminals, and for those who did not ask to be spared (https://no-color.org). */
export function usesColor(context: CliContext, sink: TextSink): boolean {
  const { environment } = context;
  return sink.isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}

export type Color = 'red' | 'yellow' | 'green';

const CODES: Readonly<Record<Color, number>> = { red: 31, green: 32, yellow: 33 };

export function colored(text: string, color: Color, enabled: boolean): string {
  return enabled ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text;
}
