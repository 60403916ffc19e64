import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CheckedItems } from '../../src/desired/checked-items.js';
import { checkDirector, checkVirtualService } from '../../src/desired/generated/check.js';
import { directorSchema } from '../../src/desired/schema/director.js';
import { virtualServiceSchema } from '../../src/desired/schema/virtual-service.js';
import { arbitraryChange, changeDocument } from './changes.js';
import { GOOD_DOCUMENTS } from './good-documents.js';

test('the generated checker gives the same answer as the schema, whatever is changed in a good document', () => {
  fc.assert(
    fc.property(fc.constantFrom(...GOOD_DOCUMENTS), arbitraryChange, (good, change) => {
      const document = changeDocument(good, change);
      const isDirector = good.kind === 'Director';
      const expected = (isDirector ? directorSchema : virtualServiceSchema).safeParse(document).success;
      expect((isDirector ? checkDirector : checkVirtualService)(document, new CheckedItems())).toBe(expected);
    }),
    { numRuns: 1500 },
  );
}, 30_000);

test.each(GOOD_DOCUMENTS.map((document) => [`${document.kind} ${document.metadata.name}`, document]))(
  'the checker takes %s',
  (_, document) => {
    const checked = new CheckedItems();
    expect(checkVirtualService(document, checked) || checkDirector(document, checked)).toBe(true);
  },
);
