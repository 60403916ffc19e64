import { expect, test } from 'vitest';
import { writeChecker } from '../../scripts/checker.js';
import { DIRECTOR_SCHEMA, VIRTUAL_SERVICE_SCHEMA } from '../../scripts/schemas.js';

// `npm run generate` is this file with -u.
test('the committed checker is what the schema says', async () => {
  const formats = {
    address: 'isAddress',
    'multicast-address': 'isMulticastAddress',
    prefix: 'isPrefix',
    'mark-range': 'isMarkRange',
  };
  const roots = { checkVirtualService: VIRTUAL_SERVICE_SCHEMA, checkDirector: DIRECTOR_SCHEMA };
  await expect(writeChecker(roots, formats)).toMatchFileSnapshot('../../src/desired/generated/check.ts');
});
