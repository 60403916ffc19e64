import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDocuments } from '../../src/desired/index.js';
import { arbitraryChange, changeDocument } from '../desired/changes.js';
import { GOOD_DOCUMENTS } from '../desired/good-documents.js';
import { startApiServer } from './api-server.js';
import type { ApiServer } from './api-server.js';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server.close());

test('the API server and validate give the same answer, whatever is changed in a good document', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...GOOD_DOCUMENTS), arbitraryChange, async ({ kind, spec }, change) => {
      // The API server takes null for absent; validate asks what was meant.
      fc.pre(!JSON.stringify(change).includes('null'));
      const object = {
        apiVersion: 'ipvs-operator.io/v1alpha1',
        kind,
        metadata: { name: 'changed' },
        spec: changeDocument(spec, change),
      };
      const { issues } = await readDocuments('changed.json', JSON.stringify(object));
      const plural = kind === 'Director' ? 'directors' : 'namespaces/shop/virtualservices';
      const path = `/apis/ipvs-operator.io/v1alpha1/${plural}?fieldValidation=Strict&dryRun=All`;
      const { status, body } = await server.request('POST', path, object);
      expect({ isTaken: status === 201, body }).toEqual({ isTaken: issues.length === 0, body });
    }),
    { numRuns: 600 },
  );
});
