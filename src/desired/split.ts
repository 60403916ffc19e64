/** A part of a text that can be parsed by itself. */
export interface TextPart {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a text at its document markers. A `---` at the beginning of a line is one wherever it stands: YAML allows it in
 * no scalar. A text with directives or end markers, whose documents depend on each other's ends, is one part.
 */
export function* splitDocuments(text: string): Generator<TextPart> {
  if (/^(%|\.\.\.)/m.test(text) || text.startsWith('\uFEFF')) {
    yield { start: 0, end: text.length };
    return;
  }
  let start = 0;
  while (start < text.length) {
    const end = nextMarker(text, start);
    yield { start, end };
    start = end;
  }
}

/** The offset of the next line that is a marker, after the first line; the text's length where there is none. */
function nextMarker(text: string, start: number): number {
  for (let at = start; ;) {
    const found = text.indexOf('\n---', at);
    if (found < 0) return text.length;
    const after = found + 4;
    if (after === text.length || ' \t\r\n'.includes(text.charAt(after))) return found + 1;
    at = after;
  }
}
