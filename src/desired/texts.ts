/** How messages name what was found, and how they suggest what was meant. */

const LONGEST_QUOTE = 60;

/** A value as a message shows it: `the string "eighty"`, `70000`, `a list`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return `the string ${quote(value)}`;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return 'a mapping';
  }
}

/** Text in double quotes, shortened where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text);
}

/** `A`, `A or B`, `A, B or C`. */
export function listChoices(choices: readonly (string | number)[]): string {
  if (choices.length < 2) return choices.join('');
  return `${choices.slice(0, -1).join(', ')} or ${String(choices.at(-1))}`;
}

/** `; did you mean "weight"?` where one of the choices is near enough to be what was meant; empty otherwise. */
export function suggest(found: string, choices: readonly string[]): string {
  const nearest = nearestChoice(found, choices);
  return nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`;
}

/** The choice that differs from `found` in letter case only, or else in the fewest (at most two) slips. */
function nearestChoice(found: string, choices: readonly string[]): string | undefined {
  if (found.length > LONGEST_QUOTE) return undefined;
  const lower = found.toLowerCase();
  // A third of a short word may be wrong, no more: otherwise "udp" would be near to "tcp".
  let best = Math.min(2, Math.floor(found.length / 3)) + 1;
  let nearest: string | undefined;
  for (const choice of choices) {
    // Words of such different lengths are further apart than that, whatever their letters.
    if (Math.abs(choice.length - lower.length) >= best) continue;
    const distance = editDistance(lower, choice.toLowerCase());
    if (distance < best) {
      best = distance;
      nearest = choice;
    }
  }
  return nearest;
}

/** Levenshtein's distance, where two neighbours in the wrong order count as one slip. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
