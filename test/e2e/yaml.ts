/** Declared objects as YAML, written the way people write it: block mappings, short lists inside brackets. */

/** A stream of documents. Fields that are `undefined` are left out. */
export function yamlStream(documents: readonly object[]): string {
  return documents.map((document) => `---\n${block(document, '')}`).join('');
}

export function virtualService(namespace: string, name: string, spec: object): object {
  return { apiVersion: 'ipvs-operator.io/v1alpha1', kind: 'VirtualService', metadata: { name, namespace }, spec };
}

export function director(name: string, spec: object): object {
  return { apiVersion: 'ipvs-operator.io/v1alpha1', kind: 'Director', metadata: { name }, spec };
}

function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.map((item) => listItem(item, indent)).join('');
  if (!isMapping(value)) return `${indent}${scalar(value)}\n`;
  let text = '';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    if (isFlat(field)) text += `${indent}${key}: ${flow(field)}\n`;
    else text += `${indent}${key}:\n${block(field, `${indent}  `)}`;
  }
  return text;
}

function listItem(item: unknown, indent: string): string {
  return isFlat(item) ? `${indent}- ${flow(item)}\n` : `${indent}- ${block(item, `${indent}  `).trimStart()}`;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value stands on one line: a scalar, or a list or a mapping of scalars. */
function isFlat(value: unknown): boolean {
  return !isMapping(value) || Object.values(value).every((field) => !isMapping(field));
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isMapping(value)) return scalar(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${key}: ${flow(field)}`).join(', ')}}`;
}

/** Texts that could be read as something else are quoted. */
function scalar(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9./_-]*$/.test(value) ? value : JSON.stringify(value);
}
