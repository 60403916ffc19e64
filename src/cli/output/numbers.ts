const UNITS = ['k', 'M', 'G', 'T', 'P', 'E'] as const;

/** At most five characters: whole numbers up to 99999, beyond that three digits and a decimal unit (`1.23M`). */
export function shortNumber(value: number): string {
  if (value < 99_999.5) return String(Math.round(value));
  let scaled = value / 1000;
  let unit = 0;
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit++;
  }
  const digits = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  return `${scaled.toFixed(digits)}${UNITS[unit] ?? ''}`;
}

/** `84 ms`, `1.2 s`, `3 min 5 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One number and its unit, as in columns: `5s`, `12m`, `3h`, `40d`. */
export function shortDuration(milliseconds: number): string {
  if (milliseconds < 2 * MINUTE) return `${Math.max(0, Math.round(milliseconds / SECOND))}s`;
  if (milliseconds < 2 * HOUR) return `${Math.floor(milliseconds / MINUTE)}m`;
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)}h`;
  return `${Math.floor(milliseconds / DAY)}d`;
}

/** `1 service`, `2 services`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
