import { expect, test } from 'vitest';
import { writeChecker } from '../../scripts/checker.js';
import { writeDirectorDefinition, writeVirtualServiceDefinition } from '../../scripts/resources.js';
import { CHECKED_FORMATS, DIRECTOR_SCHEMA, VIRTUAL_SERVICE_SCHEMA } from '../../scripts/schemas.js';

// `npm run generate` is this file with -u.

test('the committed checker is what the schema says', async () => {
  const roots = { checkVirtualService: VIRTUAL_SERVICE_SCHEMA, checkDirector: DIRECTOR_SCHEMA };
  await expect(writeChecker(roots, CHECKED_FORMATS)).toMatchFileSnapshot('../../src/desired/generated/check.ts');
});

test('the committed resource definitions are what the schema says', async () => {
  const folder = '../../crds/ipvs-operator.io_';
  await expect(writeVirtualServiceDefinition()).toMatchFileSnapshot(`${folder}virtualservices.yaml`);
  await expect(writeDirectorDefinition()).toMatchFileSnapshot(`${folder}directors.yaml`);
});
