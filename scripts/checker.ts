/**
 * Writes the checker: a TypeScript module of functions that say whether a value fits a JSON schema, and nothing else.
 * It covers what the schema of this project uses, and refuses to write anything for a keyword that it does not know.
 */

export type JsonSchema = Readonly<Record<string, unknown>>;

const HEADER = `// Written by \`npm run generate\` from src/desired/schema/: do not edit.
/* Whether a value fits the schema: the same answer as the schema's own, many times faster. */
`;

/** `formats` are names of the functions of formats.ts, by the schema's format. */
export function writeChecker(
  roots: Readonly<Record<string, JsonSchema>>,
  formats: Readonly<Record<string, string>>,
): string {
  const writer = new CheckerWriter(formats);
  const exported = Object.entries(roots).map(
    ([name, schema]) =>
      `export function ${name}(value: unknown, checked: CheckedItems): boolean {\n  return ${writer.condition(schema, 'value')};\n}\n`,
  );
  const imports = `import type { CheckedItems } from '../checked-items.js';
import { ${[...writer.usedFormats].sort().join(', ')} } from '../formats.js';\n`;
  return [HEADER, imports, '\n', writer.patterns(), '\n', exported.join('\n'), '\n', writer.functions()].join('');
}

class CheckerWriter {
  readonly usedFormats = new Set<string>();
  readonly #formats: Readonly<Record<string, string>>;
  /** Bodies of functions: schemas that are equal share one. */
  readonly #functions = new Map<string, string>();
  readonly #patterns = new Map<string, string>();

  constructor(formats: Readonly<Record<string, string>>) {
    this.#formats = formats;
  }

  functions(): string {
    return [...this.#functions]
      .map(([body, name]) => {
        const parameters = usesChecked(body) ? 'value: unknown, checked: CheckedItems' : 'value: unknown';
        return `function ${name}(${parameters}): boolean ${body}\n`;
      })
      .join('\n');
  }

  patterns(): string {
    return [...this.#patterns].map(([source, name]) => `const ${name} = new RegExp(${literal(source)});\n`).join('');
  }

  /** An expression that is true where `value`, itself an expression, fits the schema. */
  condition(schema: JsonSchema, value: string): string {
    refuseUnknownKeywords(schema);
    switch (schema['type']) {
      case undefined:
        return 'true';
      case 'boolean':
        return `typeof ${value} === 'boolean'`;
      case 'integer':
        return this.#call(
          `{
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= ${literal(schema['minimum'])} && value <= ${literal(schema['maximum'])};
}`,
          value,
        );
      case 'string':
        return this.#call(
          `{
  return typeof value === 'string'${this.#stringTests(schema)};
}`,
          value,
        );
      case 'array':
        return this.#arrayCondition(schema, value);
      case 'object':
        return this.#call(this.#objectBody(schema), value);
      default:
        throw new Error(`the checker knows no type ${literal(schema['type'])}`);
    }
  }

  #call(body: string, value: string): string {
    return `${this.#function(body)}(${value}${usesChecked(body) ? ', checked' : ''})`;
  }

  /** The name of the function with this body. */
  #function(body: string): string {
    let name = this.#functions.get(body);
    if (name === undefined) {
      name = `fits${this.#functions.size + 1}`;
      this.#functions.set(body, name);
    }
    return name;
  }

  #stringTests(schema: JsonSchema): string {
    const tests: string[] = [];
    if (schema['minLength'] !== undefined) tests.push(`value.length >= ${literal(schema['minLength'])}`);
    if (schema['maxLength'] !== undefined) tests.push(`value.length <= ${literal(schema['maxLength'])}`);
    if (Array.isArray(schema['enum'])) {
      tests.push(`(${schema['enum'].map((word) => `value === ${literal(word)}`).join(' || ')})`);
    }
    if (schema['const'] !== undefined) tests.push(`value === ${literal(schema['const'])}`);
    if (typeof schema['pattern'] === 'string') tests.push(`${this.#pattern(schema['pattern'])}.test(value)`);
    if (typeof schema['format'] === 'string') tests.push(`${this.#format(schema['format'])}(value)`);
    return tests.map((test) => ` && ${test}`).join('');
  }

  #pattern(source: string): string {
    let name = this.#patterns.get(source);
    if (name === undefined) {
      name = `PATTERN_${this.#patterns.size + 1}`;
      this.#patterns.set(source, name);
    }
    return name;
  }

  #format(format: string): string {
    const name = this.#formats[format];
    if (name === undefined) throw new Error(`the checker knows no format ${format}`);
    this.usedFormats.add(name);
    return name;
  }

  /** Lists of objects are long, and many documents may share one. */
  #arrayCondition(schema: JsonSchema, value: string): string {
    const body = this.#arrayBody(schema);
    const isOfObjects = (schema['items'] as JsonSchema)['type'] === 'object';
    return isOfObjects ? `checked.fit(${this.#function(body)}, ${value})` : this.#call(body, value);
  }

  #arrayBody(schema: JsonSchema): string {
    const tests = ['Array.isArray(value)'];
    if (schema['minItems'] !== undefined) tests.push(`value.length >= ${literal(schema['minItems'])}`);
    if (schema['maxItems'] !== undefined) tests.push(`value.length <= ${literal(schema['maxItems'])}`);
    return `{
  if (!(${tests.join(' && ')})) return false;
  for (const item of value) if (!(${this.#itemCondition(schema['items'] as JsonSchema)})) return false;
  return true;
}`;
  }

  #itemCondition(schema: JsonSchema): string {
    if (schema['type'] !== 'object') return this.condition(schema, 'item');
    return `checked.fit(${this.#function(this.#objectBody(schema))}, item)`;
  }

  #objectBody(schema: JsonSchema): string {
    const required = (schema['required'] ?? []) as readonly string[];
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
    const cases = properties.map(
      ([key, property]) => `      case ${literal(key)}:
        if (!(${this.condition(property, `object[${literal(key)}]`)})) return false;
        break;
`,
    );
    const rest = schema['additionalProperties'];
    const otherwise =
      rest === false
        ? 'return false;'
        : `if (!(${this.#keyCondition(schema)} && ${this.condition(rest as JsonSchema, 'object[key]')})) return false;`;
    const absent = required.map((key) => `  if (object[${literal(key)}] === undefined) return false;\n`);
    return `{
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    switch (key) {
${cases.join('')}      default:
        ${otherwise}
    }
  }
${absent.join('')}  return true;
}`;
  }

  #keyCondition(schema: JsonSchema): string {
    const names = schema['propertyNames'] as JsonSchema | undefined;
    return names === undefined ? 'true' : this.condition({ type: 'string', ...names }, 'key');
  }
}

/** Whether a function's body needs to know what was checked before. */
function usesChecked(body: string): boolean {
  return /\bchecked\b/.test(body);
}

const KNOWN = new Set(
  [
    ['$schema', 'type', 'default', 'description', 'required', 'properties', 'items'],
    ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'enum', 'const', 'pattern', 'format'],
    ['additionalProperties', 'propertyNames'],
  ].flat(),
);

/** A keyword that is passed over in silence would make the checker milder than the schema. */
function refuseUnknownKeywords(schema: JsonSchema): void {
  const unknown = Object.keys(schema).find((keyword) => !KNOWN.has(keyword) && !keyword.startsWith('x-'));
  if (unknown !== undefined) throw new Error(`the checker knows no keyword ${unknown}`);
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}
