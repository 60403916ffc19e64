/** What the characters of plain YAML are to its reader. */

export const NEWLINE = 0x0a;
export const SPACE = 0x20;
export const DOUBLE_QUOTE = 0x22;
export const HASH = 0x23;
export const SINGLE_QUOTE = 0x27;
export const COMMA = 0x2c;
export const DASH = 0x2d;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const LEFT_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const RIGHT_BRACKET = 0x5d;
export const LEFT_BRACE = 0x7b;
export const RIGHT_BRACE = 0x7d;

/** The classes of a character, to be asked for with {@link hasClass}. */
export const BEGINS_KEY = 1;
export const CONTINUES_KEY = 2;
export const BEGINS_PLAIN = 4;
/** May stand anywhere within a plain scalar, and means nothing else there. */
export const CONTINUES_PLAIN = 8;
/** May begin something that is no string: null, true, false, a number. */
export const BEGINS_TYPED = 16;
export const DIGIT = 32;

const PATTERNS: readonly (readonly [bit: number, pattern: RegExp])[] = [
  [BEGINS_KEY, /[A-Za-z_]/],
  [CONTINUES_KEY, /[A-Za-z0-9_./-]/],
  [BEGINS_PLAIN, /[A-Za-z0-9_./$(+]/],
  [CONTINUES_PLAIN, /[A-Za-z0-9_./$()+-]/],
  [BEGINS_TYPED, /[-+.0-9nNtTfF]/],
  [DIGIT, /[0-9]/],
];

/** By character code; none above 127 has a class. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) =>
  PATTERNS.reduce((bits, [bit, pattern]) => (pattern.test(String.fromCharCode(code)) ? bits | bit : bits), 0),
);

export function hasClass(code: number, wanted: number): boolean {
  return ((CLASSES[code] ?? 0) & wanted) !== 0;
}

export function isFlowIndicator(code: number): boolean {
  return (
    code === COMMA || code === LEFT_BRACKET || code === RIGHT_BRACKET || code === LEFT_BRACE || code === RIGHT_BRACE
  );
}

/** Printable, and nothing that some version of YAML takes for a line break or a byte order mark. */
export function isPlainCharacter(code: number): boolean {
  return (code >= SPACE && code < 0x7f) || (code >= 0xa0 && code < 0xd800 && code !== 0x2028 && code !== 0x2029);
}
