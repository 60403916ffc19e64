import { dump } from 'js-yaml';
import { API_GROUP } from '../src/desired/schema/limits.js';
import type { JsonSchema } from './checker.js';

/**
 * Writes a custom resource definition of a JSON schema. The API server wants structural schemas: no
 * `additionalProperties: false` beside properties (it prunes unknown fields, and refuses them where a client asks), no
 * formats that it does not know, nothing about metadata, which is its own. A map of which every key is known has them as
 * `x-known-properties`.
 */

export interface ResourceNames {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly jsonPath: string;
  /** Above 0: shown by `-o wide` only. */
  readonly priority?: number;
}

export function writeResourceDefinition(
  names: ResourceNames,
  schema: JsonSchema,
  status: JsonSchema,
  columns: readonly PrinterColumn[],
): string {
  const properties = schema['properties'] as Record<string, JsonSchema>;
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${API_GROUP}` },
    spec: {
      group: API_GROUP,
      scope: names.scope,
      names: {
        kind: names.kind,
        listKind: `${names.kind}List`,
        plural: names.plural,
        singular: names.singular,
        ...(names.shortNames === undefined ? {} : { shortNames: names.shortNames }),
        categories: names.categories,
      },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: names.description,
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: structural(properties['spec'] ?? {}),
                status: structural(status),
              },
            },
          },
        },
      ],
    },
  };
  return `# Written by \`npm run generate\` from src/desired/schema/: do not edit.\n${dump(definition, { noRefs: true, lineWidth: 120 })}`;
}

/** Enough for every map of the schema, and a bound for what its rules may cost. */
const MAXIMUM_PROPERTIES = 64;

function structural(schema: JsonSchema): JsonSchema {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    switch (keyword) {
      case '$schema':
      case 'format':
      case 'propertyNames':
        break;
      case 'pattern':
        // It is among the rules too, whose message says it in words.
        break;
      case 'minLength':
        if (value !== 0) result[keyword] = value;
        break;
      case 'const':
        result['enum'] = [value];
        break;
      case 'properties':
        result[keyword] = mapValues(value as Record<string, JsonSchema>, structural);
        break;
      case 'items':
        result[keyword] = structural(value as JsonSchema);
        break;
      case 'x-known-properties':
        result['properties'] = value;
        break;
      case 'x-kubernetes-validations':
        // Names that are known need no rule for names.
        if (schema['x-known-properties'] === undefined) result[keyword] = value;
        break;
      case 'additionalProperties':
        if (value === false || schema['x-known-properties'] !== undefined) break;
        result[keyword] = structural(value as JsonSchema);
        result['maxProperties'] = MAXIMUM_PROPERTIES;
        break;
      default:
        result[keyword] = value;
    }
  }
  return result;
}

function mapValues<From, To>(object: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
