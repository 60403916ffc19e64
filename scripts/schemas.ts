import { z } from 'zod';
import { directorSchema } from '../src/desired/schema/director.js';
import { directorStatusSchema, virtualServiceStatusSchema } from '../src/desired/schema/status.js';
import { virtualServiceSchema } from '../src/desired/schema/virtual-service.js';
import type { JsonSchema } from './checker.js';

/** The zod schema as JSON schema, of the input: nothing defaulted, nothing transformed. */
function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'inline' });
}

export const VIRTUAL_SERVICE_SCHEMA = jsonSchema(virtualServiceSchema);
export const DIRECTOR_SCHEMA = jsonSchema(directorSchema);
export const VIRTUAL_SERVICE_STATUS_SCHEMA = jsonSchema(virtualServiceStatusSchema);
export const DIRECTOR_STATUS_SCHEMA = jsonSchema(directorStatusSchema);

/** The functions of formats.ts that test the schema's formats. */
export const CHECKED_FORMATS = {
  address: 'isAddress',
  'multicast-address': 'isMulticastAddress',
  prefix: 'isPrefix',
  'mark-range': 'isMarkRange',
};
