import { expect, test } from 'vitest';
import { readDocuments } from '../../src/desired/index.js';
import { BAD_DOCUMENTS } from './bad-documents.js';

// test/cluster/definitions.test.ts asks the API server the same.

test.each(BAD_DOCUMENTS.map((document) => [document.name, document] as const))(
  '%s is refused',
  async (_, { kind, spec, path, says }) => {
    const object = { apiVersion: 'ipvs-operator.io/v1alpha1', kind, metadata: { name: 'bad' }, spec };
    const { issues } = await readDocuments('bad.json', JSON.stringify(object));
    expect(issues.map((issue) => issue.path)).toEqual([path]);
    expect(issues[0]?.message).toContain(says);
  },
);
