import { z } from 'zod';
import { describeValue, listChoices, suggest } from '../texts.js';
import { MAXIMUM_FAULTS } from './limits.js';

/**
 * The building blocks of the schema. Each says in its own words what it expected, so that whoever reports its issues
 * only has to add the place. Metadata with names of the API server's own go into the custom resource definitions.
 */

/** Separates the messages of one issue about several unknown fields: zod reports them together. */
export const MESSAGE_SEPARATOR = '\u0000';

/** A mapping with these fields and no others. */
export function mapping<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  meta: SchemaMeta = {},
): StrictMapping<Shape> {
  const known = Object.keys(shape);
  return z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? unknownFieldMessages(issue.keys, known)
          : `expected a mapping, found ${describeValue(issue.input)}`,
    })
    .meta(meta);
}

type StrictMapping<Shape extends z.core.$ZodLooseShape> = z.ZodObject<Shape, z.core.$strict>;

/** What a schema carries beside its type: a description, and the extensions of custom resource definitions. */
// A type, not an interface: zod's registry wants an index signature, which only types have of themselves.
export type SchemaMeta = {
  readonly description?: string;
  readonly [extension: `x-kubernetes-${string}`]: unknown;
};

/** No more than are told: each looks at all known names for the one that was meant. */
function unknownFieldMessages(keys: readonly string[], known: readonly string[]): string {
  const told = keys.slice(0, MAXIMUM_FAULTS + 1);
  return told.map((key) => unknownFieldMessage(key, known)).join(MESSAGE_SEPARATOR);
}

function unknownFieldMessage(key: string, known: readonly string[]): string {
  const suggestion = suggest(key, known);
  if (suggestion !== '') return `unknown field${suggestion}`;
  return known.length > 12 ? 'unknown field' : `unknown field; known here: ${known.join(', ')}`;
}

/** Exactly this text. */
export function constant<const Text extends string>(word: Text): z.ZodLiteral<Text> {
  return z.literal(word, {
    error: (issue) =>
      `expected ${word}, found ${describeValue(issue.input)}${
        typeof issue.input === 'string' ? suggest(issue.input, [word]) : ''
      }`,
  });
}

export function wholeNumber(minimum: number, maximum: number): z.ZodInt {
  const error = (issue: { readonly input?: unknown }): string =>
    `expected a whole number from ${minimum} to ${maximum}, found ${describeValue(issue.input)}${numberHint(issue.input)}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

function numberHint(input: unknown): string {
  return typeof input === 'string' && /^[0-9]+$/.test(input) ? '; write it without quotes' : '';
}

export function flag(): z.ZodBoolean {
  return z.boolean({
    error: (issue) => `expected true or false, found ${describeValue(issue.input)}${booleanHint(issue.input)}`,
  });
}

/** YAML 1.1 took these words for booleans, and kubectl still does. */
function booleanHint(input: unknown): string {
  if (typeof input !== 'string') return '';
  if (/^(yes|y|on|true)$/i.test(input)) return '; write true';
  return /^(no|n|off|false)$/i.test(input) ? '; write false' : '';
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): z.ZodEnum<Choices<Words>> {
  return z.enum(words, {
    error: (issue) =>
      `expected ${listChoices(words)}, found ${describeValue(issue.input)}${
        typeof issue.input === 'string' ? suggest(issue.input, words) : ''
      }`,
  });
}

type Choices<Words extends readonly string[]> = { [Word in Words[number]]: Word };

/** Any text of some length. `what` completes "expected …". */
export function text(what: string, minimum: number, maximum: number): z.ZodString {
  const error = (issue: { readonly input?: unknown }): string => {
    const found = describeValue(issue.input);
    if (typeof issue.input !== 'string') return `expected ${what}, found ${found}${stringHint(issue.input)}`;
    return `expected ${what} of ${minimum} to ${maximum} characters, found ${issue.input.length}`;
  };
  return z.string({ error }).min(minimum, { error }).max(maximum, { error });
}

function stringHint(input: unknown): string {
  return typeof input === 'number' || typeof input === 'boolean' ? `; write it in quotes: "${String(input)}"` : '';
}

/** Text of a pattern. `what` completes "expected …" and tells the pattern in words. */
export function pattern(what: string, expression: string, maximum: number): z.ZodString {
  const expected = new RegExp(expression);
  const error = ({ input }: { readonly input?: unknown }): string => {
    const lower = typeof input === 'string' ? input.toLowerCase() : input;
    const hint = typeof lower === 'string' && expected.test(lower) ? suggest(lower, [lower]) : stringHint(input);
    return `expected ${what}, found ${describeValue(input)}${hint}`;
  };
  // The API server's own message for a pattern shows the pattern.
  const rule = { rule: `self.matches('${expression}')`, message: `expected ${what}` };
  return z
    .string({ error })
    .max(maximum, { error })
    .regex(expected, { error })
    .meta({ 'x-kubernetes-validations': [rule] });
}

/** A test of strings that the checker knows by name: see formats.ts. */
export interface StringFormat {
  readonly name: string;
  readonly what: string;
  readonly maximumLength: number;
  readonly test: (text: string) => boolean;
  readonly describe: (text: string) => string;
  /** The same test as the API server's expression language says it, and its message. */
  readonly rule: { readonly rule: string; readonly message: string };
}

export function formatted(format: StringFormat): z.ZodString {
  return z
    .string({
      error: (issue) => `expected ${format.what}, found ${describeValue(issue.input)}${stringHint(issue.input)}`,
    })
    .max(format.maximumLength, { error: (issue) => `expected ${format.what}, found ${describeValue(issue.input)}` })
    .refine(format.test, { error: (issue) => format.describe(String(issue.input)) })
    .meta({ format: format.name, 'x-kubernetes-validations': [format.rule] });
}

/** A list whose elements a person keys by some of their fields, or (without keys) a set of scalars. */
export function list<Item extends z.ZodType>(
  item: Item,
  options: { minimum?: number; maximum: number; keys?: readonly string[] | 'set' | 'atomic' },
): z.ZodArray<Item> {
  const { minimum = 0, maximum, keys = 'atomic' } = options;
  const error = (issue: { readonly input?: unknown }): string => {
    if (!Array.isArray(issue.input)) return `expected a list, found ${describeValue(issue.input)}`;
    return `expected ${minimum} to ${maximum} elements, found ${issue.input.length}`;
  };
  const base = z.array(item, { error }).max(maximum, { error });
  return (minimum > 0 ? base.min(minimum, { error }) : base).meta(listMeta(keys));
}

function listMeta(keys: readonly string[] | 'set' | 'atomic'): SchemaMeta {
  if (typeof keys === 'string') return { 'x-kubernetes-list-type': keys };
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
}

/** A mapping from texts to texts, such as labels. */
export function textMap(
  keyPattern: string,
  keyWhat: string,
  maximumLength: number,
): z.ZodRecord<z.ZodString, z.ZodString> {
  const rule = { rule: `self.all(key, key.matches('${keyPattern}'))`, message: `expected ${keyWhat}` };
  return z
    .record(pattern(keyWhat, keyPattern, 317), text('text', 0, maximumLength), {
      error: (issue) => `expected a mapping of texts, found ${describeValue(issue.input)}`,
    })
    .meta({ 'x-kubernetes-validations': [rule] });
}
